"""The form of what a statistics object is about: an index key is none, for it must not change with time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.forms import Form
from pgcontract.names import literal, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class StatisticsForm(Form):
    """A column, or an expression, that a statistics object is about: `city`, `lower(city)`, `(a + b)`."""

    noun: ClassVar[str] = "statistics expression"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The table's columns, and the expressions of its statistics objects."""
        for relation in self._relation(catalog):
            yield from map(quote, relation.columns)
            for statistics in catalog.statistics.values():
                if statistics.table == relation.name:
                    yield from statistics.expressions

    def store(self, table: str) -> str:
        """A statistics object; a column alone would be refused, so there is an expression beside it."""
        return f"create statistics pg_temp.pgcontract_form on ({self.text}\n), (pg_catalog.abs(1)) from {table}"

    def fetch(self, table: str) -> str:
        """The column, or else the first expression."""
        return (
            "select coalesce("
            "(select pg_catalog.quote_ident(a.attname) from pg_catalog.pg_attribute a "
            "where a.attrelid = s.stxrelid and a.attnum = s.stxkeys[0]), "
            "(pg_catalog.pg_get_statisticsobjdef_expressions(s.oid))[1]) from pg_catalog.pg_statistic_ext s "
            f"where s.stxrelid = {literal(table)}::pg_catalog.regclass and s.stxname = 'pgcontract_form'"
        )


def listed(keys: Iterable[str], columns: Iterable[str]) -> str:
    """Keys in their own form as they stand in `CREATE STATISTICS`: all but columns between brackets."""
    plain = set(map(quote, columns))
    return ", ".join(key if key in plain else f"({key})" for key in keys)
