from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

from pgcontract.catalog.columns import Generated
from pgcontract.catalog.generated_forms import GeneratedForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Member, Relation, Sql
from pgcontract.expectations.compare import differs
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Hazard

Storages = Annotated[Generated, AnyCase(get_args(Generated))]
_SET_EXPRESSION_SINCE = 170000


class ColumnGenerated(CatalogExpectation):
    """{table}.{column} is generated as {expression}.

    The expression is compared as Postgres itself would store it. None says that the column is not generated: after
    `DROP EXPRESSION` it keeps its values, and nothing computes them any more. `storage` says whether it is `STORED` or
    `VIRTUAL`.

    Example:
        ColumnGenerated("invoices", "total", "net + tax", storage="STORED")

    Repair: since version 17 another expression is set, which computes all rows anew; a column that is not generated is
    dropped and added again.
    """

    table: Relation
    column: Member
    expression: Sql | None
    storage: Storages | None = None

    def forms(self) -> Iterable[Form]:
        if self.expression is not None:
            yield GeneratedForm(self.expression, self.table, self.column)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.require("column_defaults")  # where the expression stands
        column = catalog.relations[self.table].columns[self.column]
        if self.expression is None:
            yield from self._plain(column)
            return
        (form,) = self.forms()
        expected = catalog.own_form(form)
        if column.generated is None:
            yield Finding(
                f"{self.subject} is not generated",
                expected=f"generated as {expected}",
                observed=f"default {column.default}" if column.default else "a plain column",
                hint="No column becomes a generated one: drop it and add it again, when nothing needs it meanwhile.",
            )
            return
        if expected != column.expression:
            newer = catalog.server.version_number >= _SET_EXPRESSION_SINCE
            repair = self._alter(f"set expression as ({expected})", column) if newer else ()
            yield from differs(f"expression of {self.subject}", expected, column.expression, repair=repair)
        if self.storage is not None:
            yield from differs(f"storage of {self.subject}", self.storage, column.generated)

    def _plain(self, column: Column) -> Iterator[Finding]:
        if column.generated is not None:
            yield Finding(
                f"{self.subject} is generated",
                expected="not generated",
                observed=f"generated as {column.expression}",
                repair=self._alter("drop expression if exists", column) if column.generated == "STORED" else (),
            )

    def _alter(self, change: str, column: Column) -> tuple[Repair, ...]:
        hazard: Hazard = "rewrites the table" if change.startswith("set") and column.generated == "STORED" else "none"
        return (Repair(f"alter table {self.table} alter column {quote(self.column)} {change};", hazard),)
