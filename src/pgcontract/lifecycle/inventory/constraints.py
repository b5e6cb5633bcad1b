"""Constraints and indexes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.catalog.lexis import between, pieces
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.indexes import IndexesAre, IndexPresent
from pgcontract.lifecycle.inventory.frame import readable
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.expectation import Expectation

_ORDER = ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK", "EXCLUDE")


def constraints(relation: Relation) -> Iterator[Expectation]:
    """Each constraint, keys first, and that there are no others; a constraint trigger is among the triggers."""
    named = sorted(relation.constraints.values(), key=lambda one: one.name)
    for kind in _ORDER:
        for constraint in named:
            if constraint.kind == kind:
                yield from readable(partial(_stated, relation, constraint), partial(_comment, relation, constraint))
    names = [constraint.name for constraint in named if constraint.kind in _ORDER]
    triggers = [constraint.name for constraint in named if constraint.kind not in _ORDER]
    yield ObjectsAre("constraint", names, of=relation.name, beside=triggers)


def _comment(relation: Relation, constraint: Constraint) -> Iterator[Expectation]:
    if constraint.comment:
        yield CommentIs("constraint", constraint.name, constraint.comment, of=relation.name)


def _stated(relation: Relation, constraint: Constraint) -> Iterator[Expectation]:
    table = relation.name
    index = relation.indexes.get(constraint.index) if constraint.index else None
    if constraint.kind == "PRIMARY KEY":
        yield PrimaryKey(
            table,
            constraint.columns,
            deferrable=constraint.deferrable,
            deferred=constraint.deferred,
            include=index.include if index else None,
            without_overlaps=constraint.period,
        )
    elif constraint.kind == "UNIQUE":
        yield UniqueConstraint(
            table,
            constraint.columns,
            name=constraint.name,
            nulls_not_distinct=index.nulls_not_distinct if index else None,
            include=index.include if index else None,
            deferrable=constraint.deferrable,
            deferred=constraint.deferred,
            without_overlaps=constraint.period,
        )
    elif constraint.kind == "FOREIGN KEY":
        yield _foreign_key(table, constraint)
    elif constraint.kind == "CHECK":
        yield CheckConstraint(
            table,
            constraint.expression or "",
            name=constraint.name,
            validated=constraint.validated,
            no_inherit=constraint.no_inherit,
            enforced=constraint.enforced,
        )
    else:
        yield _exclusion(table, constraint)


def _foreign_key(table: str, key: Constraint) -> Expectation:
    columns = ", ".join(map(quote, key.referenced_columns))
    return ForeignKey(
        table,
        key.columns,
        f"{key.references}({columns})",
        on_delete=key.on_delete,
        on_update=key.on_update,
        deferrable=key.deferrable,
        validated=key.validated,
        name=key.name,
        match=None if key.match == "PARTIAL" else key.match,
        on_delete_columns=key.on_delete_columns,
        deferred=key.deferred,
        enforced=key.enforced,
        period=key.period,
    )


def _exclusion(table: str, constraint: Constraint) -> Expectation:
    definition = constraint.definition or ""
    try:
        where = between(definition, "EXCLUDE", "USING", "WHERE")
    except ValueError:  # it is about all rows
        where = None
    return ExclusionConstraint(
        table,
        list(pieces(between(definition, "EXCLUDE", "USING"))),
        using=definition.removeprefix("EXCLUDE USING ").partition(" (")[0].strip('"'),
        where=where,
        deferrable=constraint.deferrable,
        deferred=constraint.deferred,
        name=constraint.name,
    )


def indexes(relation: Relation) -> Iterator[Expectation]:
    """Each index that no constraint made, and that there are no others; one whose build failed is only named."""
    named = sorted(relation.indexes.values(), key=lambda one: one.name)
    for index in named:
        yield from readable(partial(_index, relation.name, index), partial(_index_comment, relation.name, index))
    yield IndexesAre(relation.name, [index.name for index in named])


def _index(table: str, index: Index) -> Iterator[Expectation]:
    if index.constraint is None and index.valid:
        yield IndexPresent(
            table,
            index.columns,
            name=index.name,
            unique=index.unique,
            method=index.method,
            where=index.predicate,
            include=index.include,
            nulls_not_distinct=index.nulls_not_distinct if index.unique else None,
            parameters=sorted(index.options),
        )


def _index_comment(table: str, index: Index) -> Iterator[Expectation]:
    if index.comment:
        yield CommentIs("index", index.name, index.comment, of=table)
