"""Columns of another type, or computed otherwise: what no plain ALTER can do, and what it cannot do under others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pgcontract.catalog.uses import uses, words
from pgcontract.expectations.constraints import CheckConstraint
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.views import ViewExists
from pgcontract.names import literal, qualified, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.dependents import around
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.columns import wanted
from pgcontract.repair.making.inheriting import above, inherited
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.column_collations import ColumnCollation
    from pgcontract.expectations.columns import ColumnType
    from pgcontract.repair.context import Context

_LOSS: Final = "data loss"


def retyped(expectation: ColumnType, context: Context) -> Draft | None:
    """The change of a column's type, with the views, policies and triggers that Postgres does not change it under.

    Columns that are computed from it are dropped before, and added again.

    Raises:
        NotSaidError: It is inherited, and changes with the parent's, or the contract does not say enough of a column
            that is computed from it.
    """
    table, name = expectation.table, expectation.column
    relation = context.world.catalog.relations.get(table)
    if relation is None or name not in relation.columns:
        return None
    for parent in above(context, table):
        if name in context.world.catalog.relations[parent].columns:
            raise NotSaidError(f"it changes with {parent}, which it is inherited from")
    repairs = [repair for finding in expectation.check(context.world.catalog) for repair in finding.repair]
    if not repairs:
        return None
    main = repairs[0].sql
    (form,) = expectation.forms()
    column = replace(relation.columns[name], type=context.own(form), stored=relation.columns[name].sampled)
    _require_cast(context, relation.columns[name].type, column.type)
    computed = [each for each in relation.columns if _is_computed(relation, each, name)]
    if name in _computed_from(context, table) or _will_be_seen(context, table):  # so it is when this is run again
        repairs = [replace(repairs[0], sql=unless(main, _typed(table, name, column.type)))]
    released = _released(context, relation, name, relation.columns[name].type)
    old = relation.columns[name].type
    again = [wanted(context, table, each, place) for place, each in enumerate(computed, len(relation.columns))]
    change = [
        *released,
        *(Repair(unless(_dropped_column(table, each), _typed(table, name, column.type)), _LOSS) for each in computed),
        *repairs,
        *(Repair(f"alter table {table} add column if not exists {each.sql};", _LOSS) for each in again),
    ]
    around_it = around(context, change, columns=[(table, each) for each in (name, *computed)], old=old)
    there = context.world.get("relations", table)
    for each in again:
        there = _without_what_hangs_on(there, each.record.name, each.record)
    gone = {each.sql for each in released}
    left = {k: each for k, each in there.constraints.items() if _dropped_check(table, k) not in gone}
    indexes = {k: each for k, each in there.indexes.items() if _dropped_index(table, k) not in gone}
    changed = replace(there, columns={**there.columns, name: column}, constraints=left, indexes=indexes)
    context.world.put("relations", table, changed)
    context.world.bare.add(name)  # texts about it may not be understood until then
    inherited(context, table, column)
    return Draft(around_it, main=main)


def collated(expectation: ColumnCollation, context: Context) -> Draft | None:
    """The change of a column's collation, which Postgres does not make under views, policies and triggers either."""
    table, name = expectation.table, expectation.column
    relation = context.world.catalog.relations.get(table)
    if relation is None or name not in relation.columns:
        return None
    repairs = [repair for finding in expectation.check(context.world.catalog) for repair in finding.repair]
    if not repairs:
        return None
    return Draft(around(context, repairs, relation=table, column=name), main=repairs[0].sql)


def _require_cast(context: Context, source: str, target: str) -> None:
    """Make sure that a composite can be turned into the other type.

    Raises:
        NotSaidError: It cannot: by which attributes, nobody has said.
    """
    there = context.world.catalog
    kinds = [there.types.get(name.removesuffix("[]")) for name in (source, target)]
    if (
        any(kind is not None and kind.kind == "composite" for kind in kinds)
        and f"({source} AS {target})" not in there.casts
    ):
        raise NotSaidError(f"nothing casts {source} to {target}")


def _released(context: Context, relation: Relation, column: str, old: str) -> list[Repair]:
    """What drops the checks and indexes that compare the column with its old type, which the contract states anew.

    Raises:
        NotSaidError: The contract does not state one of them.
    """
    said, table = context.said, relation.name
    kinds = (old.removesuffix("[]"), column)
    steps = []
    for check in relation.having("CHECK"):
        if _compares(check.expression, *kinds):
            if not said.has(CheckConstraint, "table", table, name=check.name):
                raise NotSaidError(f"the check {quote(check.name)} of {table} compares it with {old}")
            steps.append(Repair(_dropped_check(table, check.name), "blocks writes"))
    for index in relation.indexes.values():
        if index.constraint is None and any(_compares(text, *kinds) for text in (*index.columns, index.predicate)):
            if not said.has(IndexPresent, "table", table, name=index.name):
                raise NotSaidError(f"the index {quote(index.name)} of {table} compares it with {old}")
            steps.append(Repair(_dropped_index(table, index.name), "blocks writes"))
    return steps


def _compares(text: str | None, kind: str, column: str) -> bool:
    if text is None or "." not in kind:  # between Postgres's own types there are operators
        return False
    return f"::{kind}" in text and any(column in name for name in uses(text).names)


def _dropped_check(table: str, name: str) -> str:
    return f"alter table {table} drop constraint if exists {quote(name)};"


def _dropped_index(table: str, name: str) -> str:
    return f"drop index if exists {qualified(split(table)[0], name)};"


def regenerated(expectation: ColumnGenerated, context: Context) -> Draft | None:
    """A column that is not computed, or otherwise than any ALTER can make it: dropped, and added again.

    Its values are lost, and computed anew. What hangs on it goes with it, and is made from what the contract says.
    """
    said, table, name = expectation, expectation.table, expectation.column
    relation: Relation | None = context.world.catalog.relations.get(table)
    if relation is None or name not in relation.columns or said.expression is None or not relation.is_table:
        return None
    findings = list(said.check(context.world.catalog))
    if not findings or all(finding.repair for finding in findings):
        return None
    column = wanted(context, table, name, len(relation.columns))
    record = replace(column.record, collation=relation.columns[name].collation or column.record.collation)
    left = _without_what_hangs_on(relation, name, record)
    steps = (
        Repair(_dropped_column(table, name), _LOSS),
        Repair(f"alter table {table} add column if not exists {column.sql};", _LOSS),
    )
    around_it = around(context, steps, relation=table, column=name)
    context.world.put("relations", table, left)
    return Draft(around_it, main=steps[1].sql)


def _without_what_hangs_on(relation: Relation, name: str, record: Column) -> Relation:
    """The table with a column that was dropped and added again: what hung on that is gone."""
    kept = {key: each for key, each in relation.columns.items() if key != name}
    return replace(
        relation,
        columns={**kept, name: record},
        constraints={key: each for key, each in relation.constraints.items() if not _on(each, name)},
        indexes={key: each for key, each in relation.indexes.items() if not _of(each, name)},
    )


def _is_computed(relation: Relation, column: str, source: str) -> bool:
    text = relation.columns[column].expression
    return text is not None and any(source in used for used in uses(text).names)


def _dropped_column(table: str, name: str) -> str:
    return f"alter table {table} drop column if exists {quote(name)};"


def _on(constraint: Constraint, column: str) -> bool:
    texts = uses(constraint.expression or constraint.definition or "").names
    return column in constraint.columns or any(column in name for name in texts)


def _of(index: Index, column: str) -> bool:
    texts = (*index.columns, *map(quote, index.include), index.predicate or "")
    return any(column in name for text in texts for name in uses(text).names)


def _computed_from(context: Context, table: str) -> set[str]:
    """The columns from which the contract says that others are computed."""
    texts = (each.expression for each in context.said.of(ColumnGenerated, "table", table) if each.expression)
    return {part for text in texts for used in uses(text).names for part in used}


def _will_be_seen(context: Context, table: str) -> bool:
    """Whether the contract speaks of views of the table that are yet to be made."""
    views = (each for each in context.said.all(ViewExists) if each.view not in context.world.catalog.views)
    return any(split(table)[1] in words(each.definition) for each in views if each.definition)


def _typed(table: str, column: str, kind: str) -> str:
    of_column = f"attrelid = {literal(table)}::pg_catalog.regclass and attname = {literal(column)}"
    typed = f"pg_catalog.format_type(atttypid, atttypmod) = {literal(kind)}"
    return f"pg_catalog.pg_attribute where {of_column} and {typed}"
