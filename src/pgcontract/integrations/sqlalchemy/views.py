"""Views, and tables that are made of a query: `CreateView` and `CreateTableAs`, which SQLAlchemy has since 2.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import schema

from pgcontract.expectations.columns import ColumnExists
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.views import ViewExists
from pgcontract.integrations.sqlalchemy.ddl import plain, translating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl

_VIEW: Any = getattr(schema, "CreateView", ())
_TABLE: Any = getattr(schema, "CreateTableAs", ())


def query(of: Table) -> Any:
    """The statement that makes a view, or a table, of a query; None of a table that is made of its columns."""
    statement = getattr(of, "_creator_ddl", None)
    return statement if isinstance(statement, (_VIEW, _TABLE)) else None


def is_view(of: Table) -> bool:
    """Whether it is a view, be it a materialised one."""
    return isinstance(query(of), _VIEW)


def selected(ddl: Ddl, of: Table) -> Iterator[Expectation]:
    """A view with its query, or a table with the columns that its query had.

    Of their types and whether they refuse NULL nothing is said: SQLAlchemy guesses those of a query's columns.

    Raises:
        ContractError: The view's query cannot be compiled.
    """
    name, statement = ddl.canonical(of), query(of)
    if not is_view(of):
        yield TableExists(name)
        yield from (ColumnExists(name, plain(column.name)) for column in of.columns)
        return
    with translating(f"view {of.fullname}"):
        definition = ddl.statement(statement.selectable)
    yield ViewExists(name, materialized=statement.materialized, definition=definition)
