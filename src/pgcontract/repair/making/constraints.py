"""Constraints and indexes that are otherwise than the contract says, and that Postgres cannot alter: made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.exclusion_forms import ExclusionForm, compared
from pgcontract.catalog.forms import CheckForm, PredicateForm
from pgcontract.catalog.indexes import Index
from pgcontract.expectations.constrained import deferral
from pgcontract.names import qualified, quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
    from pgcontract.expectations.exclusions import ExclusionConstraint
    from pgcontract.expectations.foreign_keys import ForeignKey
    from pgcontract.expectations.indexes import IndexPresent
    from pgcontract.repair.context import Context


def key(expectation: PrimaryKey, context: Context) -> Draft | None:
    """The primary key, where it is another one."""
    relation = context.world.get("relations", expectation.table)
    there = None if relation is None else relation.primary_key
    if relation is None or there is None:
        return None
    wanted = replace(_late(there, expectation), columns=tuple(expectation.columns))
    return _anew(context, relation, there, wanted)


def unique(expectation: UniqueConstraint, context: Context) -> Draft | None:
    """The unique constraint, where one of the name or on the columns is otherwise."""
    relation = context.world.get("relations", expectation.table)
    if relation is None:
        return None
    name, columns = expectation.name, tuple(expectation.columns)
    same = [
        each for each in relation.having("UNIQUE") if set(each.columns) == set(columns) and name in {None, each.name}
    ]
    there = same[0] if same else relation.constraints.get(name or "")
    if there is None:
        return None
    behind = relation.indexes.get(there.index or "") or Index("", "btree", ())
    if expectation.nulls_not_distinct is not None:
        behind = replace(behind, nulls_not_distinct=expectation.nulls_not_distinct)
    if expectation.include is not None:
        behind = replace(behind, include=tuple(expectation.include))
    wanted = replace(_late(there, expectation), kind="UNIQUE", columns=there.columns if same else columns)
    return _anew(context, relation, there, wanted, behind)


def check(expectation: CheckConstraint, context: Context) -> Draft | None:
    """The check, where one of the name says something else, or is not enforced."""
    relation = context.world.get("relations", expectation.table)
    if relation is None:
        return None
    own = context.own(CheckForm(expectation.expression, expectation.table))
    same = [
        each for each in relation.having("CHECK") if each.expression == own and expectation.name in {None, each.name}
    ]
    there = same[0] if same else relation.constraints.get(expectation.name or "")
    if there is None:
        return None
    wanted = replace(there, kind="CHECK", expression=own, enforced=True)
    return _anew(context, relation, there, wanted)


def exclusion(expectation: ExclusionConstraint, context: Context) -> Draft | None:
    """The exclusion constraint, where one of the name, or with the elements, is otherwise."""
    relation = context.world.get("relations", expectation.table)
    if relation is None:
        return None
    form = ExclusionForm.of(expectation.table, tuple(expectation.elements), expectation.using, expectation.where)
    own = context.own(form)
    near = [each for each in relation.having("EXCLUDE") if expectation.name in {None, each.name}]
    same = [each for each in near if compared(each.definition or "") == own]
    there = same[0] if same else relation.constraints.get(expectation.name or "")
    if there is None:
        return None
    wanted = _late(there, expectation)
    ending = deferral(wanted.deferrable, wanted.deferred)
    return _anew(context, relation, there, replace(wanted, kind="EXCLUDE", definition=own + ending))


def foreign_key(expectation: ForeignKey, context: Context) -> Draft | None:
    """The foreign key, where a constraint of the name is another one."""
    relation = context.world.get("relations", expectation.table)
    there = None if relation is None else relation.constraints.get(expectation.name or "")
    if relation is None or there is None or (there.kind == "FOREIGN KEY" and _refers(expectation, there, context)):
        return None
    wanted = expectation.wanted(context.world.catalog, there.name)
    return _anew(context, relation, there, wanted)


def _refers(expectation: ForeignKey, there: Constraint, context: Context) -> bool:
    wanted = expectation.wanted(context.world.catalog, there.name)
    return (there.columns, there.references, there.referenced_columns) == (
        wanted.columns, wanted.references, wanted.referenced_columns,
    )  # fmt: skip


def _late(there: Constraint, said: PrimaryKey | UniqueConstraint | ExclusionConstraint) -> Constraint:
    """The constraint with what the contract says of when it is checked."""
    deferred = there.deferred if said.deferred is None else said.deferred
    deferrable = there.deferrable if said.deferrable is None else said.deferrable
    return replace(there, deferrable=deferrable or deferred, deferred=deferred and deferrable is not False)


def _anew(
    context: Context, relation: Relation, there: Constraint, wanted: Constraint, behind: Index | None = None
) -> Draft | None:
    """The constraint dropped and added in one statement, and the foreign keys that need it."""
    if wanted == there and behind in {None, relation.indexes.get(there.index or "")}:
        return None
    behind = behind or relation.indexes.get(there.index or "")
    definition = ddl.constraint(wanted, behind)
    name, table = quote(there.name), relation.name
    sql = f"alter table {table} drop constraint if exists {name}, add constraint {name} {definition};"
    referring = list(_referring(context, table, there))
    if referring and (wanted.kind, wanted.columns) != (there.kind, there.columns):
        names = ", ".join(f"{quote(each.name)} of {of}" for of, each in referring)
        raise NotSaidError(f"the foreign key {names} refers to the one that is there")
    steps = [
        *(f"alter table {of} drop constraint if exists {quote(each.name)};" for of, each in referring),
        sql,
        *(
            f"alter table {of} add constraint {quote(each.name)} {ddl.constraint(each, None)};"
            for of, each in referring
        ),
        *ddl.described(f"constraint {name} on {table}", there.comment),
    ]
    constraints = {**relation.constraints, wanted.name: wanted}
    context.world.put("relations", table, replace(relation, constraints=constraints))
    return Draft(tuple(Repair(step, "blocks writes") for step in steps))


def _referring(context: Context, table: str, there: Constraint) -> list[tuple[str, Constraint]]:
    if there.kind not in {"PRIMARY KEY", "UNIQUE"}:
        return []
    return [
        (relation.name, each)
        for relation in context.world.catalog.relations.values()
        for each in relation.having("FOREIGN KEY")
        if each.references == table and set(each.referenced_columns) == set(there.columns)
    ]


def index(expectation: IndexPresent, context: Context) -> Draft | None:
    """The index, where one of the name is another one."""
    said, relation = expectation, context.world.get("relations", expectation.table)
    there = None if relation is None or said.name is None else relation.indexes.get(said.name)
    if relation is None or there is None or all(finding.repair for finding in said.check(context.world.catalog)):
        return None
    if there.constraint is not None:
        raise NotSaidError(f"the index {quote(there.name)} belongs to the constraint {quote(there.constraint)}")
    keys = tuple(
        quote(key) if key in relation.columns else context.own(form)
        for key, form in zip(said.columns, said.forms(), strict=False)
    )
    wanted = replace(
        there, method=said.method, columns=keys, include=tuple(said.include), valid=True,
        unique=there.unique if said.unique is None else said.unique,
        nulls_not_distinct=bool(said.nulls_not_distinct),
        predicate=None if said.where is None else context.own(PredicateForm(said.where, said.table)),
    )  # fmt: skip
    full = qualified(split(relation.name)[0], there.name)
    steps = [
        Repair(f"drop index if exists {full};", "blocks writes"),
        Repair(ddl.index(relation.name, wanted), "blocks writes"),
        *(Repair(sql) for sql in ddl.described(f"index {full}", there.comment)),
    ]
    context.world.put("relations", relation.name, replace(relation, indexes={**relation.indexes, there.name: wanted}))
    return Draft((*steps, *_stored(context, relation.name, there.name)))


def _stored(context: Context, table: str, name: str) -> list[Repair]:
    """What the table's storage says of the index, which goes with it."""
    storage = context.world.get("storage", table)
    if storage is None:
        return []
    steps = []
    if storage.clustered_on == name:
        steps.append(f"alter table {table} cluster on {quote(name)};")
    if storage.replica_index == name:
        steps.append(f"alter table {table} replica identity using index {quote(name)};")
    return [Repair(sql, "blocks writes") for sql in steps]
