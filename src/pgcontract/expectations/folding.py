"""What the writers of short forms share: an expectation as the content of a form, and what it has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from pydantic import BeforeValidator

from pgcontract.contract.expectation import COMMON
from pgcontract.contract.fields import marks
from pgcontract.contract.items import dumped, shortened

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said

Common: TypeAlias = tuple[str, frozenset[str], str | None]
"""Severity, tags and reason."""

PLAIN: Common = ("error", frozenset(), None)


def common(expectation: Expectation) -> Common:
    """What the expectation has in common with all others."""
    return expectation.severity, frozenset(expectation.tags), expectation.because


def beside(own: Common, outer: Common = PLAIN) -> dict[str, Any] | None:
    """The keys by which a form in another has what is its own; None where that cannot be: tags only add up."""
    if not outer[1] <= own[1]:
        return None
    severity = {} if own[0] == outer[0] else {"severity": own[0]}
    tags = {"tags": sorted(own[1] - outer[1])} if own[1] - outer[1] else {}
    return severity | tags | ({} if own[2] == outer[2] else {"because": own[2]})


def fields(expectation: Expectation, said: Said, *place: str) -> dict[str, Any]:
    """The expectation's own fields that are not as by default, without those that the place in the file says."""
    cls = type(expectation)
    own = {name: value for name, value in dumped(expectation).items() if name not in COMMON and name not in place}
    alone = {name: value[0] if _is_one(value) and _takes_one(cls, name) else value for name, value in own.items()}
    return shortened(cls, alone, said.schema)


def part(expectation: Expectation, said: Said, *place: str, outer: Common = PLAIN, bare: str | None = None) -> Any:
    """The content of a form that stands for the expectation; its value alone where `bare` is its only field.

    None where the form cannot stand in one that has `outer` in common.
    """
    more = beside(common(expectation), outer)
    if more is None:
        return None
    return lone({**fields(expectation, said, *place), **more}, bare)


def lone(content: dict[str, Any], bare: str | None) -> Any:
    """The content, or its only value, where that may stand for it."""
    if bare is None or content.keys() != {bare} or isinstance(content[bare], dict) or content[bare] is None:
        return content
    return content[bare]


def _is_one(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], str)


_TAKES_ONE: dict[tuple[type, str], bool] = {}


def _takes_one(cls: type[Expectation], name: str) -> bool:
    """Whether a text may stand for a list of it alone."""
    if (cls, name) not in _TAKES_ONE:
        marked = (mark for mark in marks(cls.model_fields[name]) if isinstance(mark, BeforeValidator))
        allowed = [branch for mark in marked for branch in get_args(mark.json_schema_input_type)]
        _TAKES_ONE[cls, name] = any(str in {branch, *get_args(branch)[:1]} for branch in allowed)
    return _TAKES_ONE[cls, name]
