"""One database as the kinds of mutation look at it: what is in scope, and what depends on what."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.catalog.references import referring_fields
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.inventory.named import named_roles, with_members
from pgcontract.lifecycle.mutation.edit import PARTS, Edit
from pgcontract.names import qualified, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.scope import Scope

_WORD = r'(?:"(?:[^"]|"")+"|[A-Za-z_\x80-\U0010ffff][\w$]*)'
_QUALIFIED = re.compile(rf'(?<![\w$."]){_WORD}\.{_WORD}')
_PLURALS = (
    *("relations", "functions", "types", "views", "rules", "sequences", "statistics", "publications"),
    *("casts", "operators", "operator_classes", "event_triggers", "inheritance", "partitions", "foreign_tables"),
    *("storage", "text_search_dictionaries", "text_search_configurations"),
)
_OUTSIDERS = ("anon",)


class Place(NamedTuple):
    """Where something is spoken of: a record, or one of a relation's parts."""

    plural: str
    name: str
    part: str = ""
    key: str = ""


class World:
    """A catalog, and where in it mutants are wanted."""

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self.catalog = catalog
        self.scope = scope
        self.version = catalog.server.version_number

    @cached_property
    def named(self) -> frozenset[str]:
        """The roles that own something in scope, may do something with it or are members of those, unquoted."""
        return frozenset(with_members(self.catalog, named_roles(inventory(self.catalog, self.scope))))

    def edit(self) -> Edit:
        """A fresh edit of the catalog."""
        return Edit(self.catalog)

    @cached_property
    def schemas(self) -> frozenset[str]:
        """The schemas, unquoted, that are in scope."""
        return frozenset(name for name, record in self.catalog.schemas.items() if self.holds(record))

    def holds(self, record: Any) -> bool:
        """Whether mutants of a record are wanted: it is the user's own, and asked for."""
        return self.scope.holds(self.catalog, record)

    def each(self, plural: str) -> Iterator[tuple[str, Any]]:
        """The records of a field that are in scope."""
        for name, record in getattr(self.catalog, plural).items():
            ours = getattr(record, "procedural", True) and (plural, name) != ("extensions", "plpgsql")
            if ours and self.holds(record):  # c, internal, sql and plpgsql are there anyway
                yield name, record

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The relations that are in scope."""
        return tuple(record for _, record in self.each("relations"))

    @cached_property
    def tables(self) -> tuple[Relation, ...]:
        """The ordinary and partitioned tables that are in scope."""
        return tuple(record for record in self.relations if record.is_table)

    @cached_property
    def children(self) -> Mapping[str, list[str]]:
        """Who inherits from a relation directly."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, record in self.catalog.inheritance.items():
            for parent in record.parents:
                found[parent].append(name)
        return found

    def descendants(self, name: str) -> list[str]:
        """Who inherits from a relation at any depth, without itself."""
        found: list[str] = []
        waiting = list(self.children.get(name, ()))
        while waiting:
            child = waiting.pop()
            if child not in found:
                found.append(child)
                waiting += self.children.get(child, ())
        return found

    def lone(self, name: str) -> bool:
        """Whether it neither inherits nor is inherited from."""
        return name not in self.catalog.inheritance and name not in self.children

    def root(self, name: str) -> bool:
        """Whether it inherits from nothing; others may from it."""
        return name not in self.catalog.inheritance

    def inherited(self, name: str, column: str) -> bool:
        """Whether a column came from a parent."""
        record = self.catalog.inheritance.get(name)
        relations = self.catalog.relations
        return record is not None and any(
            parent in relations and column in relations[parent].columns for parent in record.parents
        )

    @cached_property
    def referring(self) -> Mapping[str, list[tuple[str, Constraint]]]:
        """The foreign keys that point at a table, each with its own table."""
        found: dict[str, list[tuple[str, Constraint]]] = defaultdict(list)
        for table in self.catalog.tables.values():
            for key in table.having("FOREIGN KEY"):
                found[key.references or ""].append((table.name, key))
        return found

    @cached_property
    def owned(self) -> Mapping[str, list[str]]:
        """The sequences that belong to a column: `public.users.id`."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, sequence in self.catalog.sequences.items():
            if sequence.owned_by:
                found[sequence.owned_by].append(name)
        return found

    @cached_property
    def mentions(self) -> Mapping[str, list[Place]]:
        """Where a qualified name stands in what Postgres keeps as references; its own record among them."""
        found: dict[str, dict[Place, None]] = defaultdict(dict)
        for plural in _PLURALS:
            for name, record in getattr(self.catalog, plural).items():
                if getattr(record, "extension", None) or getattr(record, "system", False):
                    continue
                for place, text in _texts(plural, name, record):
                    for said in _QUALIFIED.findall(text):
                        found[said][place] = None
        return {name: list(places) for name, places in found.items()}

    def record(self, place: Place) -> Any:
        """What stands at a place, as it was."""
        record = getattr(self.catalog, place.plural)[place.name]
        return getattr(record, place.part)[place.key] if place.part else record

    def stranger(self, *but: str) -> str | None:
        """A role that is none of these, to give something to: the reader first, then by name."""
        roles = [self.catalog.server.user, *sorted(self.catalog.roles)]
        return next((role for role in roles if role in self.catalog.roles and self.usable(role, but)), None)

    @staticmethod
    def usable(role: str, but: tuple[str, ...] = ()) -> bool:
        """Whether a role is one of the user's own, and none of these."""
        return role not in but and not role.startswith("pg_")

    @cached_property
    def outsiders(self) -> tuple[str, ...]:
        """To whom a privilege must not go unnoticed: everybody, and the role of who is not logged in."""
        return (PUBLIC, *(role for role in _OUTSIDERS if role in self.catalog.roles))


def _texts(plural: str, name: str, record: Any) -> Iterator[tuple[Place, str]]:
    """The texts of a record, each with its place."""
    own = Place(plural, name)
    for text in _strings(record, skip=frozenset(PARTS) if plural == "relations" else frozenset()):
        yield own, text
    if plural == "relations":
        for part in PARTS:
            for key, one in getattr(record, part).items():
                place = Place(plural, name, part, key)
                yield from ((place, text) for text in _strings(one))


def texts(record: Any) -> Iterator[str]:
    """The texts of a record that Postgres keeps references in."""
    return _strings(record)


def _strings(value: Any, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """The texts of a value that may hold a qualified name."""
    if isinstance(value, str):
        if "." in value:
            yield value
        return
    items: Iterable[Any] = ()
    if isinstance(value, tuple):
        items = value
    elif isinstance(value, dict):
        items = value.values()
    elif is_dataclass(value):
        names = (*referring_fields(type(value)), *(("source",) if getattr(value, "standard", False) else ()))
        items = (getattr(value, name) for name in names if name not in skip)
    for item in items:
        yield from _strings(item, skip)


def inside(schema: str, name: str) -> str:
    """The canonical name of something new in a schema."""
    return qualified(schema, name)


def column_name(relation: str, column: str) -> str:
    """The canonical name of a column, constraint, index, policy or trigger."""
    return f"{relation}.{quote(column)}"


def place_of(name: str) -> str:
    """The unquoted schema of a canonical name."""
    return schema_of(name)
