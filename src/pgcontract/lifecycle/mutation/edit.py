"""Changes to a catalog in memory: records put in the place of others, one mutant's worth of them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.catalog.relations import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog, Server

PARTS = ("columns", "constraints", "indexes", "policies", "triggers")
"""The fields of a relation that hold records by name."""

Key: TypeAlias = tuple[str, ...]
"""What of a catalog was looked at or changed: a field, a name in it, a field of that record, a name in that one."""

ALL = "*"
"""In a key, the last: which names there are, or all that is there."""


class Edit:
    """What one mutant changes, by field and name; None takes a record away.

    Attributes:
        base: The catalog as it was.
        records: What is there instead.
        server: What is said of the database itself, where that changes.
    """

    __slots__ = ("base", "records", "server")

    def __init__(self, base: Catalog) -> None:
        self.base = base
        self.records: dict[str, dict[str, Any]] = {}
        self.server: Server | None = None

    def get(self, plural: str, name: str) -> Any:
        """A record as it is by now, or None."""
        changed = self.records.get(plural)
        if changed is not None and name in changed:
            return changed[name]
        return getattr(self.base, plural).get(name)

    def put(self, plural: str, name: str, record: Any) -> None:
        """Put a record in the place of another, or None."""
        self.records.setdefault(plural, {})[name] = record

    def alter(self, plural: str, name: str, **values: Any) -> None:
        """Change some fields of a record, if it is there still."""
        record = self.get(plural, name)
        if record is not None:
            self.put(plural, name, replace(record, **values))

    def part(self, relation: str, part: str, name: str, record: Any) -> None:
        """Put a record of a relation's in the place of another; under a new name, in the same place."""
        whole = self.get("relations", relation)
        if whole is None:
            return
        kept = dict(getattr(whole, part))
        if record is None:
            kept.pop(name, None)
        elif record.name == name:
            kept[name] = record
        else:
            kept = {(record.name if key == name else key): record if key == name else kept[key] for key in kept}
        self.alter("relations", relation, **{part: kept})

    def catalog(self) -> Catalog:
        """The catalog as it is after the changes."""
        return self.base.changed(self.records, self.server)

    @property
    def is_void(self) -> bool:
        """Whether all is as it was."""
        if self.server is not None and self.server != self.base.server:
            return False
        return all(
            getattr(self.base, plural).get(name) == record
            for plural, records in self.records.items()
            for name, record in records.items()
        )

    def changed(self) -> Iterator[Key]:
        """The keys of all that is not as it was, in the form that `trace.Reads` records what a check looks at."""
        if self.server is not None:
            yield from (("server", name) for name in _differing(self.base.server, self.server))
        for plural, records in self.records.items():
            was = getattr(self.base, plural)
            for name, record in records.items():
                yield from _keys(plural, name, was.get(name), record)


def _keys(plural: str, name: str, was: Any, record: Any) -> Iterator[Key]:
    if was is record:
        return
    if was is None or not isinstance(record, Relation):
        yield from ((plural, name), (plural, ALL))
    else:
        yield from _in_relation(name, was, record)
    if plural == "functions":
        yield ("overloads", ALL)
        yield from (("overloads", one.name) for one in (was, record) if one is not None)


def _in_relation(name: str, was: Relation, record: Relation) -> Iterator[Key]:
    for field in _differing(was, record):
        if field == "kind":  # it is another table, or is none any more
            yield from (("relations", name), ("relations", ALL))
        if field not in PARTS:
            yield ("relations", name, field)
        else:
            yield ("relations", name, field, ALL)
            before, after = getattr(was, field), getattr(record, field)
            yield from (
                ("relations", name, field, key)
                for key in before.keys() | after.keys()
                if before.get(key) is not after.get(key)
            )


def _differing(was: Any, record: Any) -> Iterator[str]:
    for name in _names(type(record)):
        if getattr(was, name) is not getattr(record, name):
            yield name


def _names(kind: Any) -> tuple[str, ...]:
    known = _NAMES.get(kind)
    if known is None:
        known = _NAMES[kind] = tuple(field.name for field in fields(kind))
    return known


_NAMES: dict[Any, tuple[str, ...]] = {}


def difference(before: Catalog, after: Catalog, onto: Catalog) -> Edit:
    """What differs between two readings of one database, as an edit of a third that knows more of it."""
    edit = Edit(onto)
    for field in fields(before):
        if field.name in _MADE or field.name in before.unreadable or field.name in after.unreadable:
            continue
        was, now = getattr(before, field.name), getattr(after, field.name)
        for name in was.keys() | now.keys():
            if was.get(name) != now.get(name):
                edit.put(field.name, name, _onto(was.get(name), now.get(name), getattr(onto, field.name).get(name)))
    if before.server != after.server:
        edit.server = _onto(before.server, after.server, onto.server)
    return edit


_MADE = frozenset({"server", "forms", "unreadable", "tables", "overloads"})


def _onto(was: Any, now: Any, known: Any) -> Any:
    """The record of which more is known, with what became of the other."""
    if was is None or now is None or known is None:
        return now
    values: dict[str, Any] = {}
    for name in _names(type(now)):
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            of_parts = isinstance(now, Relation) and name in PARTS
            values[name] = _parts(before, after, getattr(known, name)) if of_parts else after
    return replace(known, **values)


def _parts(was: Any, now: Any, known: Any) -> dict[str, Any]:
    return {
        name: known[name] if name in known and was.get(name) == part else _onto(was.get(name), part, known.get(name))
        for name, part in now.items()
    }
