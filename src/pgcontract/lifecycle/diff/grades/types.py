"""How much a change of a type or domain matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, present, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_OTHER = breaking("its values are others")
_DIFFERENTLY = review("its values are compared otherwise")


def _labels(change: Change) -> Verdict:
    gone = [label for label in change.left if label not in change.right]
    if gone:
        return breaking(f"{', '.join(gone)} can no longer be written")
    if [label for label in change.right if label in change.left] != list(change.left):
        return review("its values sort otherwise")
    return safe("every value is still one, though whoever reads it may meet a new one")


def _attributes(change: Change) -> Verdict:
    if change.right[: len(change.left)] == change.left:
        return review("values of it have more parts")
    return breaking("values of it have other parts")


TABLE: Table = {
    "added": safe("nothing uses it yet"),
    "dropped": breaking("what names it fails"),
    "kind": _OTHER,
    "labels": _labels,
    "attributes": _attributes,
    "base": _OTHER,
    "not_null": flag(breaking("NULL is refused"), review("whoever reads it may meet NULL")),
    "default": present(
        safe("an INSERT that leaves it out gets a value"),
        review("an INSERT that leaves it out gets another value"),
        review("an INSERT that leaves it out gets NULL"),
    ),
    "collation": _DIFFERENTLY,
    "subtype": _OTHER,
    "multirange": breaking("its multirange type is called otherwise"),
    "operator_class": _DIFFERENTLY,
    "subtype_diff": safe("it is a matter of speed"),
    "canonical_function": _DIFFERENTLY,
    "owner": review("another role may change it"),
    "comment": safe("comments change nothing"),
}
CHECKS: Table = {
    "added": breaking("values that it refuses could be written"),
    "dropped": dangerous("values that it refused may be written"),
    "expression": lambda change: (
        dangerous("it holds for every value") if change.right == "true" else review("it refuses other values")
    ),
    "valid": flag(safe("the values that are there satisfy it"), review("values that are there may break it")),
    "comment": safe("comments change nothing"),
}
