"""A catalog that tells what a check looked at, so that only what looked at a change need be checked again.

Its mappings are the catalog's own records in dictionaries that note each look-up. What is noted is as fine as it must
be for thousands of checks: of relations and of the database itself each field, of a relation's parts each name, of the
rest each record. Going through a mapping counts as looking at which names there are, or at all that is in it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.objects import Objects
from pgcontract.catalog.relations import Relation
from pgcontract.lifecycle.mutation.edit import ALL, PARTS, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN = frozenset({"forms", "unreadable", "server", "tables", "overloads", "relations"})


class Reads:
    """What has been looked at since somebody last asked."""

    __slots__ = ("keys",)

    def __init__(self) -> None:
        self.keys: set[Key] = set()

    def taken(self) -> frozenset[Key]:
        """What was looked at; from now on it is nothing."""
        keys = frozenset(self.keys)
        self.keys.clear()
        return keys


class _Noted(Objects[Any]):
    """Records by name that note each look-up. All that goes through them notes that all were looked at."""

    __slots__ = ("_everything", "_prefix", "_reads")

    def __init__(
        self, reads: Reads, prefix: Key, noun: str, items: Mapping[str, Any], owner: str | None = None
    ) -> None:
        super().__init__(noun, dict(items), owner)  # made by now, if they were made when first looked at
        self._reads = reads
        self._prefix = prefix
        self._everything = (*prefix, ALL)

    def __getitem__(self, name: str) -> Any:
        self._reads.keys.add((*self._prefix, name))
        return dict.__getitem__(self, name)

    def __contains__(self, name: object) -> bool:
        self._reads.keys.add((*self._prefix, str(name)))
        return dict.__contains__(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """The record, or what is given instead."""
        self._reads.keys.add((*self._prefix, name))
        return dict.get(self, name, default)


def _through(name: str) -> Any:
    """The dictionary's method of that name, which notes that all was looked at."""
    plain = getattr(Objects, name)

    def method(self: _Noted, *given: Any) -> Any:
        self._reads.keys.add(self._everything)
        return plain(self, *given)

    return method


for _name in (
    *("__iter__", "__reversed__", "__len__", "__eq__", "__ne__", "__or__", "__ror__"),
    *("keys", "values", "items", "copy", "__repr__", "__hash__", "__reduce__"),
):
    setattr(_Noted, _name, _through(_name))


def traced(catalog: Catalog, reads: Reads) -> Catalog:
    """The same catalog, which notes what is looked at."""
    made: Catalog = object.__new__(Catalog)
    relations = {name: _relation(record, reads) for name, record in catalog.relations.items()}
    tables = {name: relations[name] for name in catalog.tables}
    values: dict[str, Any] = {
        "server": _record(_TracedServer, catalog.server, reads, ("server",)),
        "relations": _Noted(reads, ("relations",), "relation", relations),
        "tables": _Noted(reads, ("relations",), "table", tables),
        "overloads": _Noted(reads, ("overloads",), "function", catalog.overloads),
        "forms": catalog.forms,
        "unreadable": catalog.unreadable,
    }
    for each in fields(catalog):
        if each.name in catalog.unreadable:  # whoever looks is told so, changed or not
            values[each.name] = getattr(catalog, each.name)
        elif each.name not in _OWN:
            objects: Any = getattr(catalog, each.name)
            values[each.name] = _Noted(reads, (each.name,), objects.noun, objects)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    reads.keys.clear()
    return made


def _relation(relation: Relation, reads: Reads) -> Any:
    prefix = ("relations", relation.name)
    made = _record(_TracedRelation, relation, reads, prefix)
    for part in PARTS:
        objects: Any = getattr(relation, part)
        noted = _Noted(reads, (*prefix, part), objects.noun, objects, relation.name)
        object.__setattr__(made, f"_{part}", noted)
    return made


def _record(kind: Any, record: Any, reads: Reads, prefix: Key) -> Any:
    made = object.__new__(kind)
    for name, value in (("_was", record), ("_reads", reads), ("_prefix", prefix)):
        object.__setattr__(made, name, value)
    return made


def _field(name: str) -> property:
    """A field that notes that it was looked at."""

    def read(self: Any) -> Any:
        self._reads.keys.add((*self._prefix, name))
        return getattr(self._was, name)

    return property(read)


def _traced_kind(kind: Any, parts: tuple[str, ...] = ()) -> Any:
    """A class like that one, whose fields note that they were looked at; its parts do so themselves."""
    own = {each.name: _field(each.name) for each in fields(kind) if each.name not in parts}
    own |= {part: property(lambda self, part=part: getattr(self, f"_{part}")) for part in parts}  # type: ignore[misc]
    slots = ("_was", "_reads", "_prefix", *(f"_{part}" for part in parts))
    return type(kind.__name__, (kind,), {"__slots__": slots, **own})


_TracedRelation = _traced_kind(Relation, PARTS)
_TracedServer = _traced_kind(Server)
