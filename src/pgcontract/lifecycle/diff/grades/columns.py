"""How much a change of a column matters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, flag, present, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_TYPE = re.compile(r"(?P<name>[^(\[]+)(?:\((?P<first>\d+)(?:,(?P<second>-?\d+))?\))?(?P<rest>.*)")
_TEXTS = frozenset({"character varying", "text"})
_WHOLE = ("smallint", "integer", "bigint")


def _added(change: Change) -> Verdict:
    column = change.item.record
    if column.not_null and not (column.default or column.identity or column.generated):
        return breaking("an INSERT that does not name it is refused, and it cannot be added to a table with rows")
    return safe("whoever does not name it need not know of it")


def _type(change: Change) -> Verdict:
    left, right = change.left, change.right
    if widened(left, right):
        return safe("every value that fitted still fits")
    if {left, right} <= set(_WHOLE) and _WHOLE.index(right) > _WHOLE.index(left):
        return review("every value still fits, but the table is rewritten, and clients may expect the smaller type")
    if widened(right, left):
        return breaking("values that were allowed no longer fit")
    return breaking("values of another type are read, and must be written")


def widened(left: str, right: str) -> bool:
    """Whether a type takes all values of another, and stores them alike.

    >>> widened("character varying(80)", "text"), widened("numeric(10,2)", "numeric(12,2)")
    (True, True)
    >>> widened("text", "character varying(80)"), widened("numeric(10,2)", "numeric(12,4)")
    (False, False)
    """
    old, new = _TYPE.fullmatch(left), _TYPE.fullmatch(right)
    if old is None or new is None or old["rest"] != new["rest"]:
        return False
    if old["name"] != new["name"]:
        # text has no limit, and character varying without a number has none either.
        return {old["name"], new["name"]} == _TEXTS and new["first"] is None
    if new["first"] is None:
        return old["first"] is not None and new["name"] in {"character varying", "numeric", "bit varying"}
    same_scale = old["second"] == new["second"]
    varying = new["name"] in {"character varying", "numeric", "bit varying"}
    return varying and same_scale and old["first"] is not None and int(new["first"]) >= int(old["first"])


def _default(change: Change) -> Verdict:
    if change.left is None:
        return safe("an INSERT that leaves it out gets a value")
    if change.right is not None:
        return review("an INSERT that leaves it out gets another value")
    if change.item.record.not_null:
        return breaking("an INSERT that leaves it out is refused, since it is NOT NULL")
    return review("an INSERT that leaves it out gets NULL")


TABLE: Table = {
    "added": _added,
    "dropped": breaking("its values are lost, and what names it fails"),
    "type": _type,
    "not_null": flag(breaking("NULL is refused"), review("whoever reads it may meet NULL")),
    "default": _default,
    "identity": present(
        breaking("an INSERT that gives it a value may be refused"),
        breaking("whether an INSERT may give it a value is otherwise"),
        breaking("an INSERT that leaves it out gets no number"),
    ),
    "generated": breaking("whether it can be written is otherwise"),
    "expression": review("it is computed otherwise"),
    "collation": review("it sorts and compares otherwise"),
    "stored": safe("it is a matter of speed, and of space"),
    "comment": safe("comments change nothing"),
}
