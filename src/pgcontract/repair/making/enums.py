"""Enums with a label too many, or in another order: made anew, and the columns that hold them with them.

Postgres neither drops nor moves a label. A row that holds one which is to go makes the change fail: nothing is lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.uses import uses
from pgcontract.expectations.guarded import unless, where
from pgcontract.names import literal, quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.dependents import around
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.types import Type
    from pgcontract.expectations.types import EnumLabels
    from pgcontract.repair.context import Context


def remade(expectation: EnumLabels, context: Context) -> Draft | None:
    """The enum with just the labels that the contract says, where none can be added to get there.

    Raises:
        NotSaidError: It is used elsewhere than in the columns of tables.
    """
    name, labels = expectation.type, tuple(expectation.labels)
    there: Type | None = context.world.get("types", name)
    kept = () if there is None else tuple(label for label in there.labels if label in labels)
    if there is None or there.kind != "enum" or (kept == there.labels and _in_order(kept, labels)):
        return None
    catalog = context.world.catalog
    _require_columns_only(catalog, name)
    schema, own = split(name)
    old = f"{quote(schema)}.{quote(f'{own[:50]}_was')}"
    there_still = f"pg_catalog.pg_type where oid = pg_catalog.to_regtype({literal(old)})"
    listed = ", ".join(map(literal, labels))
    steps = [
        Repair(where(f"alter type {name} rename to {quote(split(old)[1])};", _other_labels(name, labels))),
        Repair(unless(f"create type {name} as enum ({listed});", _exists(name))),
        *(Repair(sql) for sql in ddl.grants(f"type {name}", there.grants, there.owner)),
        *([Repair(f"alter type {name} owner to {quote(there.owner)};")] if there.owner != context.user else []),
        *(Repair(sql) for sql in ddl.described(f"type {name}", there.comment)),
    ]
    columns = list(_columns(catalog, name))
    inside = [step for relation, column in columns for step in _changed(relation, column, name, old)]
    before, after = _dependents(context, columns)
    for label in set(there.labels) - set(labels):
        if any(f"{literal(label)}::{name}" in step.sql for step in (*inside, *after)):
            raise NotSaidError(f"something speaks of the label {literal(label)}: make the type anew by hand")
    last = Repair(where(f"drop type {old};", there_still))
    context.world.put("types", name, replace(there, labels=labels))
    return Draft((*steps, *before, *inside, *after, last), makes=(name,), main=f"create type {name} as enum ();")


def _in_order(kept: tuple[str, ...], labels: tuple[str, ...]) -> bool:
    return kept == tuple(label for label in labels if label in kept)


def _exists(name: str) -> str:
    return f"pg_catalog.pg_type where oid = pg_catalog.to_regtype({literal(name)})"


def _other_labels(name: str, labels: tuple[str, ...]) -> str:
    """A row while the type has other labels."""
    array = f"array[{', '.join(map(literal, labels))}]::pg_catalog.text[]"
    return (
        "(select pg_catalog.array_agg(e.enumlabel::pg_catalog.text order by e.enumsortorder) as labels"
        f" from pg_catalog.pg_enum as e where e.enumtypid = pg_catalog.to_regtype({literal(name)})) as l"
        f" where l.labels is distinct from {array}"
    )


def _require_columns_only(catalog: Catalog, name: str) -> None:
    kinds = {name, f"{name}[]"}
    for function in catalog.functions.values():
        said = {argument.type for argument in function.arguments} | {*function.types, function.returns or ""}
        if kinds & said or f" {name}" in (function.returns or ""):
            raise NotSaidError(f"the function {function.signature} has it in its signature: make the type anew by hand")
    for other in catalog.types.values():
        if other.base in kinds or other.subtype in kinds or kinds & {each.type for each in other.attributes}:
            raise NotSaidError(f"the type {other.name} is made of it: make the type anew by hand")
    if any(kinds & {cast.source, cast.target} for cast in catalog.casts.values()):
        raise NotSaidError("there is a cast of it: make the type anew by hand")
    for relation in catalog.relations.values():
        for column in relation.columns.values():
            if column.type in kinds and (relation.is_partition or relation.kind == "foreign table"):
                raise NotSaidError(f"{relation.name} holds it: make the type anew by hand")
            if column.expression is not None and name in column.expression:
                raise NotSaidError(
                    f"{relation.name}.{quote(column.name)} is computed by it: make the type anew by hand"
                )


def _columns(catalog: Catalog, name: str) -> Iterator[tuple[Relation, Column]]:
    for relation in catalog.relations.values():
        if relation.is_table:
            for column in relation.columns.values():
                if column.type in {name, f"{name}[]"}:
                    yield relation, column


def _changed(relation: Relation, column: Column, name: str, old: str) -> Iterator[Repair]:
    """The column of the new type; what compares it with a label is made again after it."""
    table, called = relation.name, quote(column.name)
    checks = [each for each in relation.having("CHECK") if _speaks(each.expression, name, column.name)]
    indexes = [
        each
        for each in relation.indexes.values()
        if each.constraint is None and any(_speaks(text, name, column.name) for text in (*each.columns, each.predicate))
    ]
    yield from (Repair(f"alter table {table} drop constraint if exists {quote(each.name)};") for each in checks)
    schema = quote(split(table)[0])
    yield from (Repair(f"drop index if exists {schema}.{quote(each.name)};", "blocks writes") for each in indexes)
    text = "text[]" if column.type.endswith("[]") else "text"
    change = f"alter column {called} type {column.type} using {called}::pg_catalog.{text}::{column.type}"
    default = "" if column.default is None else f", alter column {called} set default {column.default}"
    sql = f"alter table {table} alter column {called} drop default, {change}{default};"
    former = literal(old + column.type.removeprefix(name))
    of_column = f"attrelid = {literal(table)}::pg_catalog.regclass and attname = {literal(column.name)}"
    still = f"pg_catalog.pg_attribute where {of_column} and atttypid = pg_catalog.to_regtype({former})"
    yield Repair(where(sql, still), "rewrites the table")
    for check in checks:
        add = f"alter table {table} add constraint {quote(check.name)} {ddl.constraint(check, None)};"
        yield Repair(add, "blocks writes")
        yield from map(Repair, ddl.described(f"constraint {quote(check.name)} on {table}", check.comment))
    for index in indexes:
        yield Repair(ddl.index(table, index), "blocks writes")
        yield from map(Repair, ddl.described(f"index {schema}.{quote(index.name)}", index.comment))


def _speaks(text: str | None, name: str, column: str) -> bool:
    return text is not None and f"::{name}" in text and any(column in used for used in uses(text).names)


def _dependents(context: Context, columns: list[tuple[Relation, Column]]) -> tuple[list[Repair], list[Repair]]:
    """What is dropped before all the columns change, and made again when all of them have."""
    mark = Repair("--")
    before: dict[str, Repair] = {}
    after: dict[str, Repair] = {}
    for relation, column in columns:
        steps = around(context, [mark], relation=relation.name, column=column.name)
        place = steps.index(mark)
        before |= {step.sql: step for step in steps[:place]}
        after |= {step.sql: step for step in steps[place + 1 :]}
    return list(before.values()), list(after.values())
