"""Repairs that may be run again: a statement that Postgres has no `IF NOT EXISTS` for, in a block that looks first."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation


def unless(statement: str, there: str) -> str:
    """The statement, to be run unless there is a row of `there`: what follows FROM, in SQL that is our own."""
    return _block(statement, f"not exists (select from {there})")


def where(statement: str, there: str) -> str:
    """The statement, to be run where there is a row of `there`."""
    return _block(statement, f"exists (select from {there})")


def _block(statement: str, condition: str) -> str:
    return block(f"begin if {condition} then {statement} end if; end")


def block(body: str) -> str:
    """The body as an anonymous block, within dollars that do not stand in it."""
    tag = next(tag for tag in chain(["$$"], (f"$do{number}$" for number in count())) if tag not in body)
    return f"do {tag} {body} {tag};"


def constraint(table: str, name: str) -> str:
    """The rows of a table's constraint of the name, which is unquoted."""
    of_table = f"conrelid = {literal(table)}::pg_catalog.regclass"
    return f"pg_catalog.pg_constraint where {of_table} and conname = {literal(name)}"


def add_constraint(relation: Relation, name: str, definition: str) -> str:
    """The statement that gives the table a constraint, unless it has one of the name."""
    add = f"alter table {relation.name} add constraint {quote(name)} {definition};"
    return unless(add, constraint(relation.name, name))
