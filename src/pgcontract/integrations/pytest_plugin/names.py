"""What the tests of a contract are called: `ColumnType public.users.id`, the same in every run and every worker."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.contract.expectation import Expectation

_LONGEST = 120


def names(expectations: Sequence[Expectation]) -> Iterator[str]:
    """A name for each expectation, its own among them.

    Of several that have one kind and subject, each has what tells it from the others in brackets, as a parameter:
    `PrivilegeGranted public.users[anon, SELECT]`.
    """
    plain = [_cut(f"{one.kind} {one.subject}") for one in expectations]
    alike: dict[str, list[int]] = {}
    for place, name in enumerate(plain):
        alike.setdefault(name, []).append(place)
    own = {
        place: f"{plain[place]}[{words}]"
        for places in alike.values()
        if len(places) > 1
        for place, words in zip(places, _telling([expectations[place] for place in places]), strict=True)
    }
    return (own.get(place, name) for place, name in enumerate(plain))


def _telling(expectations: Sequence[Expectation]) -> list[str]:
    """What tells each from the others, in words where these are short and enough."""
    fields = [each.model_dump() for each in expectations]
    names = dict.fromkeys(name for each in fields for name in each)
    differing = [name for name in names if len({_text(each.get(name)) for each in fields}) > 1]
    words = [", ".join(filter(None, (_text(each.get(name)) for name in differing))) for each in fields]
    cut = [_cut(each) for each in words]
    if len(set(cut)) == len(cut):
        return cut
    return [f"{each} {_digest(repr([*map(_text, one.values())]))}" for each, one in zip(cut, fields, strict=True)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, frozenset | set):  # whose order is another in every process
        return " ".join(sorted(map(_text, value)))
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return json.dumps(value, sort_keys=True, default=str)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:8]


def _cut(text: str) -> str:
    """The text in one line, and without `::`, by which pytest parts a test's name from what it is in."""
    whole = line(text).replace("::", ":")
    if len(whole) <= _LONGEST:
        return whole
    return f"{whole[:_LONGEST]}… {_digest(whole)}"
