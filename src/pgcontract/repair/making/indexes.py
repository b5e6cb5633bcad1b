"""Indexes that are missing, or otherwise than the contract says: made, or made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.forms import PredicateForm
from pgcontract.catalog.indexes import Index
from pgcontract.expectations.constrained import free_name
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.names import qualified, quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.freeing import freed
from pgcontract.repair.making.inheriting import above
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation
    from pgcontract.repair.context import Context


def index(expectation: IndexPresent, context: Context) -> Draft | None:
    """The index, where one of the name is another one."""
    said, relation = expectation, context.world.get("relations", expectation.table)
    if relation is None:
        return None
    there = relation.indexes.get(said.name or "")
    if there is None:
        return _new_index(said, context, relation)
    unattached = relation.kind == "partitioned table" and not there.valid  # made ON ONLY: to be made over again
    if not unattached and all(finding.repair for finding in said.check(context.world.catalog)):
        return None
    if there.constraint is not None:
        raise NotSaidError(f"the index {quote(there.name)} belongs to the constraint {quote(there.constraint)}")
    keys = _keys(said, context, relation)
    wanted = replace(
        there, method=said.method, columns=keys, include=tuple(said.include), valid=True,
        options=there.options if said.parameters is None else tuple(sorted(said.parameters)),
        unique=there.unique if said.unique is None else said.unique,
        nulls_not_distinct=bool(said.nulls_not_distinct),
        predicate=None if said.where is None else context.own(PredicateForm(said.where, said.table)),
    )  # fmt: skip
    if _comes_with_parent(context, relation, wanted):
        return None
    full = qualified(split(relation.name)[0], there.name)
    steps = [
        Repair(f"drop index if exists {full};", "blocks writes"),
        Repair(ddl.index(relation.name, wanted), "blocks writes"),
        *(Repair(sql) for sql in ddl.described(f"index {full}", there.comment)),
    ]
    context.world.put("relations", relation.name, replace(relation, indexes={**relation.indexes, there.name: wanted}))
    return Draft((*steps, *_stored(context, relation.name, there.name)))


def _keys(said: IndexPresent, context: Context, relation: Relation) -> tuple[str, ...]:
    return tuple(
        quote(key) if key in relation.columns else context.own(form)
        for key, form in zip(said.columns, said.forms(), strict=False)
    )


def _new_index(said: IndexPresent, context: Context, relation: Relation) -> Draft | None:
    """The index that is missing, under its name or one that is free."""
    if any(finding.observed is not None or not finding.repair for finding in said.check(context.world.catalog)):
        return None
    keys = _keys(said, context, relation)
    words = ["".join(filter(_plain, key.split()[0])) for key in said.columns]
    wanted = Index(
        said.name or free_name(relation, "idx", words),
        said.method,
        keys,
        tuple(said.include),
        bool(said.unique),
        nulls_not_distinct=bool(said.nulls_not_distinct),
        predicate=None if said.where is None else context.own(PredicateForm(said.where, said.table)),
        options=tuple(sorted(said.parameters or ())),
    )
    if _comes_with_parent(context, relation, wanted):
        return None
    before = freed(context, relation.name, wanted.name)
    context.world.put("relations", relation.name, replace(relation, indexes={**relation.indexes, wanted.name: wanted}))
    sql = ddl.index(relation.name, wanted)
    if relation.kind == "partitioned table":
        return Draft((*before, Repair(sql, "blocks writes")), main=sql)
    return Draft((*before, Repair(sql.replace("index if", "index concurrently if", 1))), main=sql)


def _comes_with_parent(context: Context, relation: Relation, wanted: Index) -> bool:
    """Whether a partition gets the index with that of its table, which is to be made itself."""
    for name in above(context, relation.name) if relation.is_partition else ():
        parent = context.world.get("relations", name)
        was = context.was(name)
        for each in context.said.of(IndexPresent, "table", name):
            there = None if was is None else was.indexes.get(each.name or "")
            made = there is None or not there.valid or tuple(there.columns) != wanted.columns
            same = each.method == wanted.method and _keys(each, context, parent) == wanted.columns
            where = None if each.where is None else context.own(PredicateForm(each.where, name))
            if same and where == wanted.predicate and made and bool(each.unique) == wanted.unique:
                context.world.put(
                    "relations", relation.name, replace(relation, indexes={**relation.indexes, wanted.name: wanted})
                )
                return True
    return False


def _plain(char: str) -> bool:
    return char.isalnum() or char == "_"


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
