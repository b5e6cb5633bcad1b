"""The kinds of objects that expectations on any kind speak of: where each is in the catalog, and what SQL calls it.

A new kind is one line of `KINDS`.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, ValidationInfo

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.fields import SCHEMA, AnyCase
from pgcontract.expectations.functions import find
from pgcontract.names import canonical, perhaps, qualified, quote, signature, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.verdict import Hazard

Place: TypeAlias = Literal["database", "schema", "routine", "table"]
"""What an object is named in: the database, a schema, a schema with its argument types, or a table."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object.

    Attributes:
        place: What it is named in.
        among: The catalog's records (or, of what hangs on a table, the table's), by name.
        sql: What stands after `DROP`, `ALTER` and `COMMENT ON`; the kind itself where it is None.
        is_one: Which of the records are of this kind.
        hazard: What dropping one may cost.
    """

    place: Place
    among: Callable[[Any], Mapping[str, Any]]
    sql: str
    is_one: Callable[[Any], bool] = lambda _: True
    hazard: Hazard = "none"

    def canonical(self, name: str, schema: str | None) -> str:
        """The name in the form that the catalog has it under.

        Raises:
            ValueError: The text is not such a name.
        """
        if self.place == "schema":
            return canonical(name, schema)
        if self.place == "routine":
            plain, types = signature(name, schema)
            return plain if types is None else f"{plain}({', '.join(types)})"
        if not name.strip():
            raise ValueError("is empty")
        return name

    def shown(self, name: str) -> str:
        """The name as SQL has it."""
        return name if self.place in {"schema", "routine"} else quote(name)

    def full(self, name: str, of: str | None) -> str:
        """The canonical name of the whole: `public.users.id`."""
        return self.shown(name) if of is None else f"{of}.{quote(name)}"

    def target(self, name: str, of: str | None) -> str:
        """What SQL calls the object: `table public.users`, `trigger t on public.users`."""
        if of is None:
            return f"{self.sql} {self.shown(name)}"
        if self.sql == "column":
            return f"column {of}.{quote(name)}"
        if self.sql == "index":
            return f"index {qualified(split(of)[0], name)}"
        return f"{self.sql} {quote(name)} on {of}"

    def found(self, catalog: Catalog, of: str | None) -> Mapping[str, Any]:
        """The objects of this kind, by name.

        Raises:
            MissingObjectError: The relation they would hang on is not there.
        """
        records = self.among(catalog if of is None else catalog.relations[of])
        return {name: record for name, record in records.items() if self.is_one(record)}


class _RuleKind(Kind):
    """Rules hang on relations, but are kept beside them."""

    __slots__ = ()

    def found(self, catalog: Catalog, of: str | None) -> Mapping[str, Any]:
        relation = catalog.relations[of or ""].name
        own = (rule for rule in catalog.rules.values() if rule.relation == relation)
        return {split(rule.name)[-1]: rule for rule in own}


def _is(*kinds: str) -> Callable[[Any], bool]:
    return lambda record: record.kind in kinds


def _relation(sql: str, *kinds: str, hazard: Hazard = "none") -> Kind:
    return Kind("schema", attrgetter("relations"), sql, _is(*kinds), hazard)


def _routine(sql: str, *kinds: str) -> Kind:
    return Kind("routine", attrgetter("functions"), sql, _is(*kinds))


def _constraint(*kinds: str) -> Kind:
    return Kind("table", _constraints, "constraint", _is(*kinds))


def _type(*kinds: str) -> Kind:
    """A multirange comes and goes with its range."""
    return Kind("schema", attrgetter("types"), "type", _is(*kinds or ("enum", "composite", "domain", "range", "base")))


def _operator_classes(catalog: Catalog) -> Mapping[str, Any]:
    """By name alone; two index methods may each have one of that name, and then the first stands for both."""
    return {record.name: record for record in list(catalog.operator_classes.values())[::-1]}


def _constraints(relation: Relation) -> Mapping[str, Any]:
    return relation.constraints


_TABLES = ("table", "partitioned table")
_LOSS: Hazard = "data loss"
_ACCESS: Hazard = "changes access"
KINDS: Mapping[str, Kind] = {
    "schema": Kind("database", attrgetter("schemas"), "schema"),
    "relation": _relation("table", *_TABLES, "view", "materialized view", "foreign table", hazard=_LOSS),
    "table": _relation("table", *_TABLES, hazard=_LOSS),
    "partitioned table": _relation("table", "partitioned table", hazard=_LOSS),
    "view": _relation("view", "view"),
    "materialized view": _relation("materialized view", "materialized view", hazard=_LOSS),
    "foreign table": _relation("foreign table", "foreign table"),
    "sequence": Kind("schema", attrgetter("sequences"), "sequence", hazard=_LOSS),
    "routine": _routine("routine", "function", "procedure", "aggregate", "window"),
    "function": _routine("function", "function", "window"),
    "normal function": _routine("function", "function"),
    "procedure": _routine("procedure", "procedure"),
    "aggregate": _routine("aggregate", "aggregate"),
    "window function": _routine("function", "window"),
    "extension": Kind("database", attrgetter("extensions"), "extension", hazard=_LOSS),
    "role": Kind("database", attrgetter("roles"), "role", hazard=_ACCESS),
    "user": Kind("database", attrgetter("roles"), "role", attrgetter("login"), _ACCESS),
    "group": Kind("database", attrgetter("roles"), "role", lambda role: not role.login, _ACCESS),
    "type": _type(),
    "enum": _type("enum"),
    "composite type": _type("composite"),
    "domain": Kind("schema", attrgetter("types"), "domain", _is("domain")),
    "range type": _type("range"),
    "base type": _type("base"),
    "collation": Kind("schema", attrgetter("collations"), "collation"),
    "statistics": Kind("schema", attrgetter("statistics"), "statistics"),
    "text search configuration": Kind("schema", attrgetter("text_search_configurations"), "text search configuration"),
    "text search dictionary": Kind("schema", attrgetter("text_search_dictionaries"), "text search dictionary"),
    "operator class": Kind("schema", _operator_classes, "operator class"),
    "language": Kind("database", attrgetter("languages"), "language"),
    "tablespace": Kind("database", attrgetter("tablespaces"), "tablespace", hazard=_LOSS),
    "foreign data wrapper": Kind("database", attrgetter("foreign_data_wrappers"), "foreign data wrapper"),
    "server": Kind("database", attrgetter("foreign_servers"), "server"),
    "event trigger": Kind("database", attrgetter("event_triggers"), "event trigger"),
    "publication": Kind("database", attrgetter("publications"), "publication", hazard=_ACCESS),
    "subscription": Kind("database", attrgetter("subscriptions"), "subscription"),
    "rule": _RuleKind("table", attrgetter("rules"), "rule"),
    "column": Kind("table", attrgetter("columns"), "column", hazard=_LOSS),
    "constraint": Kind("table", _constraints, "constraint"),
    "primary key": _constraint("PRIMARY KEY"),
    "foreign key": _constraint("FOREIGN KEY"),
    "unique constraint": _constraint("UNIQUE"),
    "check constraint": _constraint("CHECK"),
    "exclusion constraint": _constraint("EXCLUDE"),
    "index": Kind("table", attrgetter("indexes"), "index"),
    "policy": Kind("table", attrgetter("policies"), "policy", hazard=_ACCESS),
    "trigger": Kind("table", attrgetter("triggers"), "trigger"),
}
"""Every kind, by what Postgres calls it."""


def known_noun(noun: str) -> str:
    """The noun, if it is one that the catalog has.

    Raises:
        ValueError: It is not.
    """
    if noun not in KINDS:
        raise ValueError(f"{noun!r} is none of {', '.join(KINDS)}. {perhaps(noun, KINDS) or ''}".strip())
    return noun


Noun = Annotated[str, AnyCase(tuple(KINDS)), AfterValidator(known_noun)]
"""What Postgres calls a kind of object."""


def placed_name(name: str | None, info: ValidationInfo) -> str | None:
    """Validate the name of an object whose `noun` stands before it: bare names are in the suite's schema."""
    kind = KINDS.get(info.data.get("noun", ""))
    return name if kind is None or name is None else kind.canonical(name, (info.context or {}).get(SCHEMA))


def require_table(noun: str, of: str | None) -> None:
    """Check that `of` is said of what hangs on a table, and of nothing else.

    Raises:
        ValueError: It is not.
    """
    hangs = KINDS[noun].place == "table"
    if hangs is not (of is not None):
        raise ValueError(f"say in `of` which table's {noun}" if hangs else f"a {noun} is of no table")


def locate(catalog: Catalog, noun: str, name: str, of: str | None) -> Any:
    """The record of an object.

    Raises:
        MissingObjectError: There is none.
    """
    kind = KINDS[noun]
    there = kind.found(catalog, of)
    if kind.place == "routine":
        name = find(catalog, name).signature
    if name not in there:
        path = (name,) if of is None else (of, name)
        raise MissingObjectError(noun, *path, hint=perhaps(name, there))
    return there[name]


def target(noun: str, record: Any, of: str | None) -> str:
    """What SQL calls an object: `table public.users`, `trigger t on public.users`."""
    kind = KINDS[noun]
    sql = "routine" if kind.place == "routine" else kind.sql
    if sql == "table":
        sql = "table" if record.kind in _TABLES else record.kind
    name = split(record.name)[-1] if sql == "rule" else getattr(record, "signature", record.name)
    return replace(kind, sql=sql).target(name, of)


def drop(noun: str, record: Any, of: str | None) -> str:
    """The statement that drops an object."""
    if of is not None and KINDS[noun].sql in {"column", "constraint"}:
        return f"alter table {of} drop {KINDS[noun].sql} if exists {quote(record.name)};"
    words = target(noun, record, of)
    sql = next((known for known in _LONG if words.startswith(f"{known} ")), words.split()[0])
    return f"drop {sql} if exists {words.removeprefix(f'{sql} ')};"


_LONG = (
    *("materialized view", "foreign table", "operator class", "foreign data wrapper", "event trigger"),
    *("text search configuration", "text search dictionary"),
)


def plural(noun: str) -> str:
    """The noun's plural.

    >>> plural("policy"), plural("foreign key"), plural("index")
    ('policies', 'foreign keys', 'indexes')
    """
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("x", "s")) else f"{noun}s"
