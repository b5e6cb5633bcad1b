"""Constraints that are missing, or otherwise than the contract says, and that Postgres cannot alter: made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.exclusion_forms import ExclusionForm, compared
from pgcontract.catalog.forms import CheckForm
from pgcontract.catalog.indexes import Index
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.constrained import check_name, deferral, free_name, late
from pgcontract.expectations.constraints import CheckConstraint, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.guarded import add_constraint, unless
from pgcontract.names import literal, quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.freeing import by_index, freed
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.constraints import PrimaryKey
    from pgcontract.repair.context import Context


_PARTITIONED_NOT_VALID_SINCE = 180000


def key(expectation: PrimaryKey, context: Context) -> Draft | None:
    """The primary key, where it is another one."""
    relation = context.world.get("relations", expectation.table)
    if relation is None or any(column not in relation.columns for column in expectation.columns):
        return None
    there = relation.primary_key
    if there is None:
        period = expectation.without_overlaps
        new = Constraint(_key_name(context, relation.name), "PRIMARY KEY", tuple(expectation.columns), period=period)
        behind = Index("", "gist" if period else "btree", (), tuple(expectation.include or ()))
        return _added(context, relation, _late(new, expectation), behind)
    wanted = _late(there, expectation)
    wanted = replace(wanted, columns=tuple(expectation.columns), period=expectation.without_overlaps)
    behind = relation.indexes.get(there.index or "") or Index("", "btree", ())
    if expectation.include is not None and set(expectation.include) != set(behind.include):
        behind = replace(behind, include=tuple(expectation.include))
    return _anew(context, relation, there, wanted, behind)


def _key_name(context: Context, table: str) -> str:
    """What the key is called: the one name in a closed world that nothing else has, else as Postgres would call it."""
    said = context.said
    closed = [name for each in said.of(ObjectsAre, "of", table, noun="constraint") for name in each.names]
    kinds: tuple[Any, ...] = (UniqueConstraint, CheckConstraint, ForeignKey, ExclusionConstraint)
    taken = {each.name for kind in kinds for each in said.of(kind, "table", table)}
    left = [name for name in closed if name not in taken]
    return left[0] if len(left) == 1 else f"{split(table)[1]}_pkey"


def unique(expectation: UniqueConstraint, context: Context) -> Draft | None:
    """The unique constraint, where one of the name or on the columns is otherwise."""
    relation = context.world.get("relations", expectation.table)
    if relation is None:
        return None
    name, columns = expectation.name, tuple(expectation.columns)
    same = [
        each for each in relation.having("UNIQUE") if set(each.columns) == set(columns) and name in {None, each.name}
    ]
    if any(column not in relation.columns for column in columns):
        return None
    period = expectation.without_overlaps
    new = Constraint(name or free_name(relation, "key", columns), "UNIQUE", columns, period=period)
    there = same[0] if same else relation.constraints.get(name or "", new)
    behind = relation.indexes.get(there.index or "") or Index("", "btree", ())
    if expectation.nulls_not_distinct is not None:
        behind = replace(behind, nulls_not_distinct=expectation.nulls_not_distinct)
    if expectation.include is not None:
        behind = replace(behind, include=tuple(expectation.include))
    wanted = replace(
        _late(there, expectation), kind="UNIQUE", columns=there.columns if same else columns, period=period
    )
    if period:
        behind, wanted = replace(behind, method="gist"), replace(wanted, columns=columns)
    if there is new:
        return _added(context, relation, wanted, behind)
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
    name, enforced = check_name(relation, expectation), expectation.enforced
    validated = expectation.validated and enforced
    new = Constraint(name, "CHECK", expression=own, validated=validated, enforced=enforced)
    new = replace(new, no_inherit=bool(expectation.no_inherit))
    there = same[0] if same else relation.constraints.get(expectation.name or "", new)
    if there is new:
        definition = ddl.constraint(new, None) or ""
        repairs = late(relation, name, definition, validated) if enforced else ()
        return _added(context, relation, new, repairs=repairs)
    no_inherit = there.no_inherit if expectation.no_inherit is None else expectation.no_inherit
    wanted = replace(there, kind="CHECK", expression=own, enforced=enforced, no_inherit=no_inherit)
    if there.enforced != enforced:
        wanted = replace(wanted, validated=enforced)
    elif wanted != there:  # where that alone is otherwise, it is validated by a statement of its own
        wanted = replace(wanted, validated=validated or (there.validated and there in same))
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
    new = Constraint(expectation.name or free_name(relation, "excl"), "EXCLUDE", definition=own)
    there = same[0] if same else relation.constraints.get(expectation.name or "", new)
    wanted = _late(there, expectation)
    ending = deferral(wanted.deferrable, wanted.deferred)
    wanted = replace(wanted, kind="EXCLUDE", definition=own + ending)
    if there is new:
        return _added(context, relation, wanted, Index("", expectation.using, ()))
    return _anew(context, relation, there, wanted)


def foreign_key(expectation: ForeignKey, context: Context) -> Draft | None:
    """The foreign key, where a constraint of the name is another one."""
    relation = context.world.get("relations", expectation.table)
    if relation is None:
        return None
    there = relation.constraints.get(expectation.name or "")
    if there is None:
        return _new_foreign_key(expectation, context, relation)
    if there.kind == "FOREIGN KEY" and _refers(expectation, there, context):
        if all(finding.repair for finding in expectation.check(context.world.catalog)):
            return None
        return _anew(context, relation, there, merged(there, expectation))
    wanted = expectation.wanted(context.world.catalog, there.name)
    return _anew(context, relation, there, replace(wanted, validated=expectation.validated))


def merged(there: Constraint, said: ForeignKey) -> Constraint:
    """The key that is there with what the contract says of it."""
    deferrable = there.deferrable if said.deferrable is None else said.deferrable
    deferred = there.deferred if said.deferred is None else said.deferred
    late = replace(there, deferrable=deferrable or deferred, deferred=deferred and deferrable is not False)
    sets = there.on_delete_columns if said.on_delete is None else tuple(said.on_delete_columns)
    acting = replace(late, on_delete=said.on_delete or there.on_delete, on_delete_columns=sets)
    return replace(acting, on_update=said.on_update or there.on_update, match=said.match or there.match)


def _refers(expectation: ForeignKey, there: Constraint, context: Context) -> bool:
    wanted = expectation.wanted(context.world.catalog, there.name)
    return (there.columns, there.references, there.referenced_columns, there.period) == (
        wanted.columns, wanted.references, wanted.referenced_columns, wanted.period,
    )  # fmt: skip


def _new_foreign_key(expectation: ForeignKey, context: Context, relation: Relation) -> Draft | None:
    """The key that is missing, under its name or one that is free, if it is missing indeed."""
    findings = list(expectation.check(context.world.catalog))
    if any(
        finding.observed == "NOT VALID" or "drop constraint" in step.sql
        for finding in findings
        for step in finding.repair
    ):
        return None
    name = expectation.name or free_name(relation, "fkey", expectation.columns)
    wanted = expectation.wanted(context.world.catalog, name)
    definition = ddl.constraint(wanted, None) or ""
    if not findings or not all(finding.repair for finding in findings):
        return None
    if relation.kind == "table" or context.version >= _PARTITIONED_NOT_VALID_SINCE:
        repairs = late(relation, name, definition, expectation.validated)
        return _added(context, relation, replace(wanted, validated=expectation.validated), repairs=repairs)
    return _added(context, relation, wanted)


def _added(
    context: Context,
    relation: Relation,
    wanted: Constraint,
    behind: Index | None = None,
    *,
    repairs: tuple[Repair, ...] = (),
) -> Draft:
    """A constraint that is missing, and the index that comes with it; of keys there is one, whatever it is called."""
    indexes = dict(relation.indexes)
    before: tuple[Repair, ...] = ()
    if behind is not None:
        before = freed(context, relation.name, wanted.name)
        keys = tuple(map(quote, wanted.columns))
        primary = wanted.kind == "PRIMARY KEY"
        unique = wanted.kind != "EXCLUDE"
        index = replace(behind, name=wanted.name, columns=keys, unique=unique, primary=primary, constraint=wanted.name)
        indexes[index.name] = index
        wanted = replace(wanted, index=index.name)
    constraints = {**relation.constraints, wanted.name: wanted}
    columns = relation.columns
    if wanted.kind == "PRIMARY KEY":
        keyed = {name: replace(columns[name], not_null=True) for name in wanted.columns}
        columns = {**columns, **keyed}
    changed = replace(relation, constraints=constraints, indexes=indexes, columns=columns)
    context.world.put("relations", relation.name, changed)
    if repairs:
        return Draft(repairs)
    definition = by_index(relation, wanted, behind) or ddl.constraint(wanted, behind) or ""
    add = f"alter table {relation.name} add constraint {quote(wanted.name)} {definition};"
    there = f"conrelid = {literal(relation.name)}::pg_catalog.regclass and contype = 'p'"
    guarded = unless(add, f"pg_catalog.pg_constraint where {there}")
    if wanted.kind != "PRIMARY KEY":
        guarded = add_constraint(relation, wanted.name, definition)
    return Draft((*before, Repair(guarded, "blocks writes")), main=add)


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
    definition = _clause(relation, wanted, behind)
    name, table = quote(there.name), relation.name
    sql = f"alter table {table} drop constraint if exists {name}, add constraint {name} {definition};"
    referring = _referring(context, table, there)
    again = referring
    if (wanted.kind, wanted.columns, wanted.period) != (there.kind, there.columns, there.period):
        again = _released(context, referring)
    steps = [
        *(f"alter table {of.name} drop constraint if exists {quote(each.name)};" for of, each in referring),
        sql,
        *(f"alter table {of.name} add constraint {quote(each.name)} {_clause(of, each)};" for of, each in again),
        *ddl.described(f"constraint {name} on {table}", there.comment),
    ]
    changed = context.world.get("relations", table)
    constraints = {**changed.constraints, wanted.name: wanted}
    context.world.put("relations", table, replace(changed, constraints=constraints))
    return Draft(tuple(Repair(step, "blocks writes") for step in steps), main=sql)


def _clause(relation: Relation, wanted: Constraint, behind: Index | None = None) -> str:
    """What follows the name; one that need not hold for the rows that are there is added so."""
    late = not wanted.validated and wanted.enforced and (wanted.kind == "CHECK" or relation.kind == "table")
    return f"{ddl.constraint(wanted, behind)}{' not valid' if late else ''}"


def _released(context: Context, referring: list[tuple[Relation, Constraint]]) -> list[tuple[Relation, Constraint]]:
    """None that are made again: foreign keys to a key that will be another one are gone, and made from what is said.

    Raises:
        NotSaidError: The contract says nothing of one of them.
    """
    for of, each in referring:
        if not context.said.has(ForeignKey, "table", of.name, name=each.name):
            raise NotSaidError(f"the foreign key {quote(each.name)} of {of.name} refers to the one that is there")
    for of, each in referring:
        relation = context.world.get("relations", of.name)
        left = {name: one for name, one in relation.constraints.items() if name != each.name}
        context.world.put("relations", of.name, replace(relation, constraints=left))
    return []


def _referring(context: Context, table: str, there: Constraint) -> list[tuple[Relation, Constraint]]:
    if there.kind not in {"PRIMARY KEY", "UNIQUE"}:
        return []
    return [
        (relation, each)
        for relation in context.world.catalog.relations.values()
        for each in relation.having("FOREIGN KEY")
        if each.references == table and set(each.referenced_columns) == set(there.columns)
    ]
