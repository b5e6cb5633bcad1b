"""The form of a generated column's expression."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from pgcontract.catalog.forms import Form
from pgcontract.names import literal
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class GeneratedForm(Form):
    """A generated column's expression; what it is cast to depends on the column's type.

    Attributes:
        type: The column's type and collation, once the catalog was looked at.
    """

    column: str
    type: str = ""

    noun: ClassVar[str] = "generation expression"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The column's expression."""
        columns = [relation.columns.get(self.column) for relation in self._relation(catalog)]
        return [column.expression if column else self.text for column in columns]

    def within(self, catalog: Catalog) -> Self:
        """The form with the column's type."""
        column = catalog.relations[self.object].columns[self.column]
        return replace(self, type=column.type + (f" collate {column.collation}" if column.collation else ""))

    def store(self, table: str) -> str:
        """A column of the same type beside it, of a table that no row ever enters."""
        return f"alter table {table} add column pgcontract_form {self.type} generated always as ({self.text}\n) stored"

    def fetch(self, table: str) -> str:
        """The expression as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d "
            "join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum "
            f"where d.adrelid = {literal(table)}::pg_catalog.regclass and a.attname = 'pgcontract_form'"
        )
