from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import model_validator

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Relation, Relations
from pgcontract.expectations.compare import closed
from pgcontract.names import canonical, perhaps, quote, split
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class TableExists(CatalogExpectation):
    """The table {table} exists.

    An ordinary or a partitioned table; a view of that name is not one. When it is missing, that is one failure, and
    whatever else the contract says of the table is skipped.

    Example:
        TableExists("invoices")

    Repair: run the migration that creates it; a contract knows what a table must hold, not all of how it is made.
    """

    table: Relation

    states: ClassVar[str] = "table"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.table)]  # a missing schema is its own failure
        if self.table in catalog.tables:
            return
        if self.table in catalog.relations:
            kind = catalog.relations[self.table].kind
            yield Finding(f"{self.table} is a {kind}, not a table", expected="table", observed=kind, object=self.table)
            return
        yield Finding(
            f"table {self.table} does not exist",
            expected=self.table,
            object=self.table,
            hint=perhaps(self.table, catalog.tables),
        )


class RelationExists(CatalogExpectation):
    """The relation {relation} exists.

    A table, a view, a materialised view or a foreign table: whatever can be selected from.

    Example:
        RelationExists("monthly_totals")

    Repair: run the migration that creates it.
    """

    relation: Relation

    states: ClassVar[str] = "relation"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.relation)]
        if self.relation not in catalog.relations:
            yield Finding(
                f"relation {self.relation} does not exist",
                expected=self.relation,
                object=self.relation,
                hint=perhaps(self.relation, catalog.relations),
            )


class TablesAre(CatalogExpectation):
    """The schema holds exactly the tables {tables}.

    A closed world: a table that nobody wrote down is one that nobody wrote policies for. Partitions and the tables of
    extensions are left out, unless they are named.

    Example:
        TablesAre(["invoices", "customers"])

    Repair: add a table that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    tables: Relations
    in_schema: Identifier | None = None

    @model_validator(mode="before")
    @classmethod
    def _placed_there(cls, fields: Any) -> Any:
        """With `in_schema`, bare names are in that schema, not in the suite's."""
        if isinstance(fields, dict) and isinstance(fields.get("in_schema"), str):
            tables = fields.get("tables", ())
            names = [tables] if isinstance(tables, str) else tables
            if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
                return {**fields, "tables": [canonical(name, fields["in_schema"]) for name in names]}
        return fields

    @model_validator(mode="after")
    def _in_a_schema(self) -> TablesAre:
        if not self.tables and self.in_schema is None:
            raise ValueError("without tables, in_schema must say which schema is to be empty")
        for table in self.tables:
            if self.in_schema is not None and schema_of(table) != self.in_schema:
                raise ValueError(f"{table} is not in the schema {quote(self.in_schema)}")
        return self

    @property
    def subject(self) -> str:
        return ", ".join(map(quote, self._schemas()))

    def _schemas(self) -> list[str]:
        return [self.in_schema] if self.in_schema else list(dict.fromkeys(split(table)[0] for table in self.tables))

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        for schema in self._schemas():
            expected = [table for table in self.tables if split(table)[0] == schema]
            observed = [
                relation.name
                for relation in catalog.in_schema(schema)
                if relation.is_table
                and (relation.name in expected or (relation.extension is None and not relation.is_partition))
            ]
            yield from closed(("table", "tables"), f"schema {quote(schema)}", expected, observed)
