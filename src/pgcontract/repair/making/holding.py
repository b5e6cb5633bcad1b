"""Columns that hold a type within another one: Postgres changes no domain and no composite under them.

Their values are put away as another type while that one changes, mostly as text, and taken back: each table is
rewritten twice. What speaks of such a column is dropped before, and made again after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pgcontract.catalog.uses import uses
from pgcontract.expectations.guarded import add_constraint, where
from pgcontract.names import literal, qualified, quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.dependents import around
from pgcontract.repair.making.inheriting import above, below
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation
    from pgcontract.repair.context import Context


class Held(NamedTuple):
    """A column of a table that stores the type within its own."""

    relation: Relation
    column: Column


class Way(NamedTuple):
    """As what the values are put away: its name, and the expressions of a column's name and type, there and back.

    Attributes:
        defaults: Whether the columns' defaults mean afterwards what they did before.
    """

    kind: str
    there: Callable[[str, str], str]
    back: Callable[[str, str], str]
    defaults: bool = True


AS_TEXT = Way(
    "pg_catalog.text", lambda column, _: f"{column}::pg_catalog.text", lambda column, kind: f"{column}::{kind}"
)


def domains_over(catalog: Catalog, name: str) -> set[str]:
    """The domains over a domain, and itself: a column of one is no hindrance."""
    found = {name}
    while more := {each.name for each in catalog.types.values() if each.base in found} - found:
        found |= more
    return found


def made_of(catalog: Catalog, kinds: Collection[str]) -> set[str]:
    """The types that are made of some, at any depth: composites, ranges, arrays, and domains over those."""
    found: set[str] = set()
    while True:
        known = {*found, *kinds}
        parts = {*known, *(f"{each}[]" for each in known)}
        more = {
            each.name
            for each in catalog.types.values()
            if each.subtype in parts
            or (each.base in parts and each.base not in kinds)
            or any(attribute.type in parts for attribute in each.attributes)
        }
        more |= {f"{each}[]" for each in known if not each.endswith("[]")}
        if more <= found:
            return found
        found |= more


def held(context: Context, kinds: Collection[str]) -> list[Held]:
    """The columns of the types, where Postgres alters them: in the tables from which others inherit them."""
    catalog = context.world.catalog
    found = []
    for relation in catalog.relations.values():
        for column in relation.columns.values():
            if column.type not in kinds or not relation.is_table:
                continue
            inherits = any(column.name in catalog.relations[each].columns for each in above(context, relation.name))
            if not inherits:
                found.append(Held(relation, column))
    return found


def put_away(
    context: Context,
    kinds: Collection[str],
    change: Sequence[Repair],
    guard: Callable[[str], str],
    way: Way = AS_TEXT,
) -> tuple[Repair, ...]:
    """The change, with the values of all columns of some types as another one while it is made.

    Args:
        context: What is known.
        kinds: The types that Postgres would refuse the change for.
        change: What alters the type.
        guard: Lets a statement be run only while the change is yet to be made.
        way: As what they are put away.

    Raises:
        NotSaidError: Something hangs on one of the columns that is not made again here.
    """
    columns = held(context, kinds)
    for each in columns:
        _require_simple(context.world.catalog, each)
    parts = [part for each in columns for part in _speaking(context, each)]
    steps = [
        *(Repair(drop, "blocks writes") for drop, _ in parts),
        *(Repair(guard(_away(way, *each)), "rewrites the table") for each in columns),
        *change,
        *(Repair(_back(way, *each), "rewrites the table") for each in columns),
        *(Repair(sql, "blocks writes") for _, again in parts for sql in again),
    ]
    if columns:
        steps = list(around(context, steps, columns=[(each.relation.name, each.column.name) for each in columns]))
    _require_dropped(context.world.catalog, kinds, {step.sql for step in steps})
    return tuple(dict.fromkeys(steps))


def _require_dropped(catalog: Catalog, kinds: Collection[str], dropped: Collection[str]) -> None:
    stored = (relation for relation in catalog.relations.values() if relation.kind == "materialized view")
    for view in stored:
        holds = any(column.type in kinds for column in view.columns.values())
        if holds and f"drop materialized view if exists {view.name};" not in dropped:
            raise NotSaidError(f"the materialized view {view.name} stores it: drop that, and make it again")


def _away(way: Way, relation: Relation, column: Column) -> str:
    name = quote(column.name)
    change = f"alter column {name} type {way.kind} using {way.there(name, column.type)}"
    return f"alter table {relation.name} alter column {name} drop default, {change};"


def _back(way: Way, relation: Relation, column: Column) -> str:
    name = quote(column.name)
    default = (
        "" if column.default is None or not way.defaults else f", alter column {name} set default {column.default}"
    )
    change = f"alter column {name} type {column.type} using {way.back(name, column.type)}{default}"
    of_column = f"attrelid = {literal(relation.name)}::pg_catalog.regclass and attname = {literal(column.name)}"
    away = f"pg_catalog.pg_attribute where {of_column} and atttypid = pg_catalog.to_regtype({literal(way.kind)})"
    return where(f"alter table {relation.name} {change};", away)


def _require_simple(catalog: Catalog, each: Held) -> None:
    table, name = each.relation.name, each.column.name
    where_it_is = f"{table}.{quote(name)} holds it"
    if each.column.expression is not None or any(
        _mentions(other.expression, name) for other in each.relation.columns.values()
    ):
        raise NotSaidError(f"{where_it_is}, and a column is generated: drop that, change the type, add it")
    if table in catalog.partitions and any(_mentions(part, name) for part in catalog.partitions[table].key):
        raise NotSaidError(f"{where_it_is}, and the table is partitioned by that")
    for relation in catalog.relations.values():
        for key in relation.having("FOREIGN KEY"):
            columns = (relation.name, key.columns), (key.references, key.referenced_columns or ())
            if any(of == table and name in among for of, among in columns):
                raise NotSaidError(f"{where_it_is}, and the foreign key {quote(key.name)} of {relation.name} is on it")
    for function in catalog.functions.values():
        text = function.source if function.standard else None
        if _mentions(text, name) and split(table) in uses(text or "").names:
            raise NotSaidError(f"{where_it_is}, and the body of {function.signature} speaks of that")


def _mentions(text: str | None, column: str) -> bool:
    return text is not None and any(column in name for name in uses(text).names)


def _speaking(context: Context, each: Held) -> Iterator[tuple[str, list[str]]]:
    """The checks and indexes that speak of the column: what drops each, and what makes it again.

    Raises:
        NotSaidError: One belongs to a partition or child alone.
    """
    for child in below(context, each.relation.name):
        relation = context.world.catalog.relations[child]
        inherited = {*each.relation.constraints, *(index.name for index in each.relation.indexes.values())}
        own = [check.name for check in _checks(relation, each.column.name) if check.name not in inherited]
        alike = [(index.method, index.columns, index.predicate) for index in _indexes(each.relation, each.column.name)]
        indexes = _indexes(relation, each.column.name)  # a partition's go with the whole table's
        own += [one.name for one in indexes if (one.method, one.columns, one.predicate) not in alike]
        if own:
            raise NotSaidError(f"{child} holds it too, and {quote(own[0])} speaks of that: drop it, change the type")
    table = each.relation.name
    for check in _checks(each.relation, each.column.name):
        late = "" if check.validated else " not valid"
        again = add_constraint(each.relation, check.name, f"{ddl.constraint(check, None)}{late}")
        where_it_is = f"constraint {quote(check.name)} on {table}"
        drop = f"alter table {table} drop constraint if exists {quote(check.name)};"
        yield drop, [again, *ddl.described(where_it_is, check.comment)]
    for index in _indexes(each.relation, each.column.name):
        whole = qualified(split(table)[0], index.name)
        again = ddl.index(table, index)
        yield f"drop index if exists {whole};", [again, *ddl.described(f"index {whole}", index.comment)]


def _checks(relation: Relation, column: str) -> Iterator[Constraint]:
    for constraint in relation.constraints.values():
        text = constraint.expression if constraint.kind == "CHECK" else constraint.definition
        if constraint.kind in {"CHECK", "EXCLUDE"} and _mentions(text, column):
            yield constraint


def _indexes(relation: Relation, column: str) -> Iterator[Index]:
    """Those in whose expressions it stands; one of the column itself is built anew with it."""
    plain = {f"{quote(column)}{order}" for order in ("", " DESC", " DESC NULLS LAST", " NULLS FIRST")}
    for index in relation.indexes.values():
        texts = (*(key for key in index.columns if key not in plain), index.predicate)
        if index.constraint is None and any(_mentions(text, column) for text in texts):
            yield index
