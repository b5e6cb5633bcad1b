"""What each principal can read: tables, partitions and children by their own names, views, materialised views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import on_column, on_relation, reaches
from pgcontract.catalog.inheritance import ancestors
from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.difference import Difference
    from pgcontract.isolation.judge import Evidence
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.scope import Scope
    from pgcontract.isolation.stage import Stage

MOST_KEYS = 40


def readable(catalog: Catalog, role: str, relation: Relation) -> list[str]:
    """The columns that a role may select."""
    if not reaches(catalog, role, relation.name):
        return []
    if "SELECT" in on_relation(catalog, role, relation.name):
        return list(relation.columns)
    return [column for column in relation.columns if "SELECT" in on_column(catalog, role, relation.name, column)]


def root(catalog: Catalog, name: str) -> str:
    """The partitioned table at the top of a partition; the relation itself where it is none."""
    if name not in catalog.relations or not catalog.relations[name].is_partition:
        return name
    depths = ancestors(catalog.inheritance, name)
    return max(depths, key=lambda parent: depths[parent], default=name)


def statement(relation: Relation, columns: list[str], evidence: Evidence, rows: list[Row]) -> str:
    """A select of whatever of B's shows in a relation: by key, by canary, or by another value of B's alone."""
    shown = ", ".join(map(quote, columns))
    marks = [evidence.tag, *([] if rows else evidence.unmarked())]
    conditions = [
        f"row({shown})::text ~* {literal('|'.join(mark.replace('.', '[.]').replace('+', '[+]') for mark in marks))}"
    ]
    conditions += [f"({row.where})" for row in rows[:MOST_KEYS] if all(column in columns for column in row.key)]
    return f"select {shown} from {relation.name} where {' or '.join(conditions)}"


def narrowed(relation: Relation, columns: list[str], row: Row | None, marks: frozenset[str]) -> str:
    """The select that shows just one of those rows."""
    shown = ", ".join(map(quote, columns))
    if row is not None and not (row.passing and marks) and all(column in columns for column in row.key):
        return f"select {shown} from {relation.name} where {row.where}"
    return f"select {shown} from {relation.name} where row({shown})::text ~* {literal('|'.join(sorted(marks)))}"


def reads(
    stage: Stage, scope: Scope, evidence: Evidence, principal: Principal, difference: Difference
) -> Iterator[Candidate]:
    """What of B's a principal can read."""
    catalog = stage.session.catalog
    with stage.acting(principal):
        for relation in scope.relations.values():
            columns = readable(catalog, principal.role, relation)
            if columns:
                found = list(read(stage, catalog, evidence, principal, relation, columns))
                second = None if found else difference.of_relation(principal, relation, columns)
                yield from (found if second is None else [second])


def read(
    stage: Stage,
    catalog: Catalog,
    evidence: Evidence,
    principal: Principal,
    relation: Relation,
    columns: list[str],
) -> Iterator[Candidate]:
    """What of B's shows in one relation, to whoever acts just now."""
    table = root(catalog, relation.name) if relation.is_table else None
    own = [row for row in evidence.private if row.table == table]
    asked = statement(relation, columns, evidence, own)
    answer = stage.tried(f"select pg_catalog.to_jsonb(s) from ({asked}) as s")
    if isinstance(answer, Refused):
        return
    for (record,) in answer:
        rows, marks = evidence.in_record(record, table)
        if not rows:
            continue
        known = rows[0] if table == rows[0].table else None
        select = narrowed(relation, columns, known, frozenset(marks))
        tables = tuple(dict.fromkeys(row.table for row in rows))
        what = f"read what belongs to somebody else in {relation.name}"
        if table not in tables:
            what += f": rows of {', '.join(tables)}"
        proof = Proof("sees", tuple(row.name for row in rows[:1]), frozenset(marks))
        yield Candidate(principal, relation.name, "SELECT", (select,), what, proof, tables)
        return
