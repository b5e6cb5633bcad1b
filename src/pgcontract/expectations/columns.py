from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.forms import DefaultForm, Form, TypeForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Member, Relation, Sql
from pgcontract.expectations.compare import differs
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column


class _OfColumn(CatalogExpectation):
    """What the expectations on one column share."""

    table: Relation
    column: Member

    def _column(self, catalog: Catalog) -> Column:
        return catalog.relations[self.table].columns[self.column]

    def _alter(self, change: str) -> str:
        return f"alter table {self.table} alter column {quote(self.column)} {change};"


class ColumnExists(_OfColumn):
    """{table} has a column {column}.

    The table may be a view or a foreign table too. When the column is missing, that is one failure, and whatever else
    the contract says of it is skipped.

    Example:
        ColumnExists("invoices", "amount")

    Repair: add it; the contract's type, default and nullability say how.
    """

    states: ClassVar[str] = "column"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        columns = catalog.relations[self.table].columns
        if self.column not in columns:
            yield Finding(
                f"column {self.subject} does not exist",
                expected=self.column,
                object=self.subject,
                hint=perhaps(self.column, columns),
            )


class ColumnType(_OfColumn):
    """{table}.{column} has the type {type}.

    The type is compared as Postgres itself would store it, so `int`, `int4` and `integer` are one type, and
    `varchar(80)` and `varchar(120)` are two. An enum or domain needs its schema only outside the table's schema.

    Example:
        ColumnType("invoices", "amount", "numeric(12,2)")

    Repair: alter the type; that may rewrite the table and lock it meanwhile.
    """

    type: Sql

    def _form(self) -> TypeForm:
        return TypeForm(self.type, self.table)

    def forms(self) -> Iterable[Form]:
        yield self._form()

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        column, expected = self._column(catalog), catalog.own_form(self._form())
        repair = Repair(self._alter(f"type {expected} using {quote(self.column)}::{expected}"), "rewrites the table")
        yield from differs(f"type of {self.subject}", expected, column.type, repair=[repair])


class ColumnNotNull(_OfColumn):
    """{table}.{column} refuses NULL.

    Example:
        ColumnNotNull("invoices", "amount")

    Repair: `SET NOT NULL` scans the table, and fails while a row holds NULL.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if not self._column(catalog).not_null:
            repair = Repair(self._alter("set not null"), "blocks writes")
            yield Finding(f"{self.subject} accepts NULL", expected="not null", observed="nullable", repair=(repair,))


class ColumnNullable(_OfColumn):
    """{table}.{column} accepts NULL.

    Example:
        ColumnNullable("invoices", "paid_at")

    Repair: drop the NOT NULL; it costs nothing.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self._column(catalog).not_null:
            repair = Repair(self._alter("drop not null"))
            yield Finding(f"{self.subject} refuses NULL", expected="nullable", observed="not null", repair=(repair,))


class ColumnDefault(_OfColumn):
    """{table}.{column} has the default {default}.

    The expression is compared as Postgres itself would store it: `'free'` on a text column is `'free'::text`. None
    says that there is no default; an identity or generated column has none.

    Example:
        ColumnDefault("invoices", "created_at", "now()")

    Repair: `SET DEFAULT` or `DROP DEFAULT`; rows that are there keep their values.
    """

    default: Sql | None

    def forms(self) -> Iterable[Form]:
        if self.default is not None:
            yield DefaultForm(self.default, self.table, self.column)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        column = self._column(catalog)
        expected = None
        for form in self.forms():
            expected = catalog.own_form(form)
        change = "drop default" if expected is None else f"set default {expected}"
        yield from differs(f"default of {self.subject}", expected, column.default, repair=[Repair(self._alter(change))])
