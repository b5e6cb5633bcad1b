"""Suites into the short form: by section what has one, in `expectations` the rest. Loading gives the same set.

A section proposes entries; each is read as a file's would be, and taken only if the suite says all of what it expands
into. What no entry says goes into the list: so nothing is lost, and nothing added, whatever a section proposes.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.contract import registry
from pgcontract.contract.expectation import COMMON
from pgcontract.contract.items import header, item
from pgcontract.contract.said import Said
from pgcontract.contract.section import Closing, Section
from pgcontract.making import many
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a section, and what it stands for.

    Attributes:
        name: Its key; of a section that is a list, the item.
        content: The form's content.
        expectations: What it expands into, in order.
    """

    name: Any
    content: Any
    expectations: tuple[Expectation, ...]


@dataclass(slots=True)
class Folded:
    """A suite in the short form.

    Attributes:
        suite: The suite.
        entries: By section, in the order in which they are to be written.
        closed: The content of the closing sections, with what it stands for.
        rest: What has no short form, in the suite's order.
    """

    suite: Suite
    entries: dict[type[Section], list[Entry]] = field(default_factory=dict)
    closed: dict[type[Closing], tuple[Any, tuple[Expectation, ...]]] = field(default_factory=dict)
    rest: list[Expectation] = field(default_factory=list)


def content(suite: Suite) -> dict[str, Any]:
    """The suite as mappings, lists and scalars, in the short form as far as there is one."""
    folded = fold(suite)
    sections = {
        section.key: section.together([(entry.name, entry.content) for entry in entries])
        for section, entries in folded.entries.items()
    }
    closed = {section.key: said for section, (said, _) in folded.closed.items()}
    rest = {"expectations": [item(each, suite.schema) for each in folded.rest]} if folded.rest else {}
    return {**header(suite), **sections, **closed, **rest}


def fold(suite: Suite) -> Folded:
    """The suite in the short form, with what each entry stands for."""
    with many():
        return _folded(suite)


def _folded(suite: Suite) -> Folded:
    said = Said(suite, suite.schema)
    open_, folded = dict.fromkeys(suite), Folded(suite)
    sections = sorted(registry.sections().values(), key=lambda section: (section.place, section.key))
    for section in sections:
        names: set[Any] = set()
        for entry in _entries(section, said):
            named = isinstance(entry.name, str)
            if any(each in open_ for each in entry.expectations) and not (named and entry.name in names):
                names.update([entry.name] if named else ())
                folded.entries.setdefault(section, []).append(entry)
                for each in entry.expectations:
                    open_.pop(each, None)
    closing = [section for section in sections if issubclass(section, Closing)]
    for section in closing:
        others = [each for entries in folded.entries.values() for entry in entries for each in entry.expectations]
        _close(section, [*others, *open_], said, open_, folded)
    folded.rest = list(open_)
    return folded


def _entries(section: type[Section], said: Said) -> Iterator[Entry]:
    """The section's entries of which the suite says all; of those that say too much, what of them is said."""
    for name, form in section.fold(said):
        made = _expanded(section, name, form, said)
        if made is not None:
            yield Entry(name, form, made)
        elif isinstance(form, dict):
            kept = dict(_kept(section, name, form, said))
            made = _expanded(section, name, kept, said)
            if made is not None:
                yield Entry(name, kept, made)


def _kept(section: type[Section], name: Any, form: dict[str, Any], said: Said) -> Iterator[tuple[str, Any]]:
    """The keys of a form of which, each alone, the suite says all."""
    shared = {key: value for key, value in form.items() if key in COMMON}
    for key, value in form.items():
        if key in COMMON or _expanded(section, name, {**shared, key: value}, said) is not None:
            yield key, value


def _expanded(section: type[Section], name: Any, form: Any, said: Said) -> tuple[Expectation, ...] | None:
    """What an entry stands for; None if that is nothing, or more than the suite says."""
    try:
        expanded = section.model_validate(section.together([(name, form)])).expand()
        made = tuple(each.placed(said.schema) for each in expanded)
    except (ValidationError, TypeError):
        return None
    return made if made and said.there.issuperset(made) else None


def _close(
    section: type[Closing], others: list[Expectation], said: Said, open_: dict[Expectation, None], folded: Folded
) -> None:
    value = section.closing(others, said)
    if value is None:
        return
    made = tuple(each.placed(said.schema) for each in section.model_validate(value).close(others, said.schema))
    if made and said.there.issuperset(made):
        folded.closed[section] = (value, made)
        for each in made:
            open_.pop(each, None)
