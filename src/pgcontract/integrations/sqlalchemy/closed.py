"""That there is nothing but what the metadata says: no other tables, columns, constraints, indexes, comments."""

from __future__ import annotations

from itertools import count, groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint as SqlCheck
from sqlalchemy import ForeignKeyConstraint as SqlForeignKey
from sqlalchemy import PrimaryKeyConstraint as SqlPrimaryKey
from sqlalchemy import UniqueConstraint as SqlUnique
from sqlalchemy.dialects.postgresql import ExcludeConstraint as SqlExclude

from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.columns import ColumnsAre
from pgcontract.expectations.commented import CommentsAre
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.constraints import CheckConstraint
from pgcontract.expectations.given_names import addition, made
from pgcontract.expectations.indexes import IndexesAre
from pgcontract.integrations.sqlalchemy import constraints, indexes
from pgcontract.integrations.sqlalchemy.ddl import plain
from pgcontract.integrations.sqlalchemy.tables import parents
from pgcontract.integrations.sqlalchemy.views import is_view
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Constraint, Table

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl

_LABELS = {SqlPrimaryKey: "pkey", SqlUnique: "key", SqlForeignKey: "fkey", SqlCheck: "check"}
_INDEXED = (SqlPrimaryKey, SqlUnique, SqlExclude)
# Postgres names checks as the table is made, then the keys, then what refers to others.
_NAMED_IN = (SqlCheck, SqlPrimaryKey, SqlUnique)
ALEMBIC = "alembic_version"
"""What Alembic keeps beside the tables of the metadata."""


def closed(ddl: Ddl, tables: Sequence[Table]) -> Iterator[Expectation]:
    """A closed world of the schemas that the tables are in, and of each table's parts."""
    for home, some in groupby(sorted(tables, key=ddl.home), key=ddl.home):
        names = sorted(ddl.canonical(each) for each in some if not is_view(each))
        yield ObjectsAre("table", names, in_schema=home, beside=[qualified(home, ALEMBIC)])
    for table in tables:
        if not is_view(table):
            yield from _parts(ddl, table)


def _parts(ddl: Ddl, table: Table) -> Iterator[Expectation]:
    name, above = ddl.canonical(table), _above(ddl, table)
    if above is not None:
        there = [column for each in (table, *above) for column in each.columns if not column.system]
        yield ColumnsAre(name, list(dict.fromkeys(plain(column.name) for column in there)))
    yield from _bound(ddl, table, above)
    if not table.comment:
        yield CommentIs("table", name, None)
    commented = [f"column {plain(column.name)}" for column in table.columns if column.comment and not column.system]
    named = (ddl.name(each) for each in constraints.ordered(ddl, table) if constraints.comment(each))
    commented += [f"constraint {said}" for said in named if said]
    yield CommentsAre(name, commented)


def _bound(ddl: Ddl, table: Table, above: Sequence[Table] | None) -> Iterator[Expectation]:
    """The constraints and indexes, where it is known what Postgres calls them; of a parent's a table has the checks."""
    name = ddl.canonical(table)
    named = _named(ddl, table)
    there, beside = _once(ddl, constraints.ordered(ddl, table), named)
    inherited = [each for one in above or () for each in _named(ddl, one).items() if isinstance(each[0], SqlCheck)]
    checks = {str(said) for _, said in inherited}
    if None not in named.values():
        if above is not None:
            own = _names(named, there)
            yield ObjectsAre("constraint", own, of=name, beside=sorted({*_names(named, beside), *checks} - {*own}))
        own = [ddl.name(each) or "" for each in indexes.ordered(ddl, table)]
        behind, others = ([each for each in some if isinstance(each, _INDEXED)] for some in (there, beside))
        yield IndexesAre(name, sorted([*_names(named, behind), *own]), beside=_names(named, others))


def _above(ddl: Ddl, table: Table) -> list[Table] | None:
    """The tables that it inherits from, near and far; None where one is not in the metadata."""
    there = {ddl.canonical(each): each for each in table.metadata.tables.values()}
    found: list[Table] = []
    for name in parents(ddl, table):
        further = _above(ddl, there[name]) if name in there else None
        if further is None:
            return None
        found += [there[name], *further]
    return found


def _names(named: dict[Any, str | None], some: Iterable[Any]) -> list[str]:
    return sorted({str(named[each]) for each in some})


def _once(ddl: Ddl, ordered: dict[Any, list[Any]], named: dict[Any, str | None]) -> tuple[list[Any], list[Any]]:
    """The constraints that are there in any case, and those that may be.

    Of two that say the same there is one, or both, by how the table was made; and if nobody named the first, either.
    """
    sure = [each for each, same in ordered.items() if not same or ddl.name(each) is not None]
    return sure, [each for each in named if each not in sure]


def _named(ddl: Ddl, table: Table) -> dict[Any, str | None]:
    """What each constraint is called, be it by Postgres; None where that is not known."""
    there = sorted((one for each, same in constraints.ordered(ddl, table).items() for one in (each, *same)), key=_turn)
    taken = {said for each in there if (said := ddl.name(each))}
    found: dict[Any, str | None] = {}
    for each in there:
        said = ddl.name(each)
        if said is None:
            said = _given(ddl, table, each, taken)
            taken |= {said} if said else set()
        found[each] = said
    return found


def _turn(constraint: Constraint) -> int:
    return next((turn for turn, kind in enumerate(_NAMED_IN) if isinstance(constraint, kind)), len(_NAMED_IN))


def _given(ddl: Ddl, table: Table, constraint: Any, taken: set[str]) -> str | None:
    """The name that Postgres gives a constraint of the table."""
    label = next((label for kind, label in _LABELS.items() if isinstance(constraint, kind)), None)
    if label is None:
        return None
    columns = [plain(column.name) for column in constraint.columns]
    if isinstance(constraint, SqlPrimaryKey):
        columns = []
    elif isinstance(constraint, SqlForeignKey):
        columns = [plain(element.parent.name) for element in constraint.elements]
    elif isinstance(constraint, SqlCheck):
        check = CheckConstraint(ddl.canonical(table), ddl.expression(constraint.sqltext))
        columns = [addition("checks", check, [plain(column.name) for column in table.columns]) or ""]
    names = (made(plain(table.name), "_".join(columns), f"{label}{number or ''}") for number in count())
    return next(name for name in names if name not in taken)
