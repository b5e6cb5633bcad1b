"""The forms of what an author writes about views."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.forms import Form
from pgcontract.catalog.lexis import complaint
from pgcontract.catalog.views import query_of
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class ViewForm(Form):
    """The query of a view or materialised view."""

    noun: ClassVar[str] = "view definition"
    on_table: ClassVar[bool] = False

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The view's own query."""
        view = catalog.views.get(self.object)
        return () if view is None else (view.definition,)

    def complaint(self) -> str | None:
        """Why the query cannot be put between our brackets; a semicolon at its end is no matter."""
        return complaint(query_of(self.text))

    def store(self, table: str) -> str:
        """A temporary view: what it selects is stored, and not evaluated."""
        return f"create temporary view pgcontract_form as (\n{query_of(self.text)}\n)"

    def fetch(self, table: str) -> str:
        """The query as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_viewdef(c.oid) from pg_catalog.pg_class c "
            "where c.relname = 'pgcontract_form' and c.relnamespace = pg_catalog.pg_my_temp_schema()"
        )

    def read(self, value: str) -> str | None:
        """The query without the semicolon."""
        return query_of(value)


@dataclass(frozen=True, slots=True)
class ViewColumnsForm(ViewForm):
    """The columns that the query of a view gives: `id integer, "Label" text COLLATE pg_catalog."C"`."""

    def fetch(self, table: str) -> str:
        """The columns as `CREATE TABLE` would have them; a collation that is its type's own is not said."""
        return (
            "select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' "
            "|| pg_catalog.format_type(a.atttypid, a.atttypmod) || case when a.attcollation <> t.typcollation then "
            "(select ' COLLATE ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(l.collname) "
            "from pg_catalog.pg_collation l join pg_catalog.pg_namespace n on n.oid = l.collnamespace "
            "where l.oid = a.attcollation) else '' end, ', ' order by a.attnum) from pg_catalog.pg_attribute a "
            "join pg_catalog.pg_type t on t.oid = a.atttypid "
            "where a.attrelid = 'pg_temp.pgcontract_form'::pg_catalog.regclass and a.attnum > 0"
        )

    def read(self, value: str) -> str | None:
        """The columns as they are."""
        return value
