from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Relation, Relations, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.foreign_servers import OptionsOf, options_differ
from pgcontract.expectations.worlds import RelationsAre
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.foreign_tables import ForeignTable
    from pgcontract.catalog.relations import Relation as RelationRecord


class ForeignTableExists(CatalogExpectation):
    """The foreign table {table} exists.

    What is given is compared: the server, and each of the options, written `name=value`, or `name` alone where that
    may be a secret; others may be there, unless `only_options` is said. `column_options` are what the wrapper is told
    of columns, exactly these options of exactly these columns.

    Example:
        ForeignTableExists("orders", server="warehouse", options=["table_name=orders"])

    Repair: set the option; a table of another server must be made anew.
    """

    table: Relation
    server: Identifier | None = None
    options: Texts = ()
    only_options: bool = False
    column_options: OptionsOf | None = None

    states: ClassVar[str] = "foreign table"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.table)]  # a missing schema is its own failure
        if self.table not in catalog.foreign_tables:
            kind = catalog.relations[self.table].kind if self.table in catalog.relations else None
            yield Finding(
                f"{self.table} is a {kind}, not a foreign table"
                if kind
                else f"foreign table {self.table} does not exist",
                expected="foreign table" if kind else self.table,
                observed=kind,
                object=self.table,
                hint=perhaps(self.table, catalog.foreign_tables),
            )
            return
        table = catalog.foreign_tables[self.table]
        if self.server is not None:
            yield from differs(f"server of {self.table}", self.server, table.server)
        yield from options_differ(
            f"foreign table {self.table}",
            f"pg_foreign_table, ftoptions, c.ftrelid = {literal(self.table)}::pg_catalog.regclass",
            self.options,
            table.options,
            only=self.only_options,
        )
        if self.column_options is not None:
            yield from self._of_columns(catalog, dict(self.column_options), table)

    def _of_columns(self, catalog: Catalog, wanted: dict[str, Sequence[str]], table: ForeignTable) -> Iterator[Finding]:
        columns = catalog.relations[self.table].columns
        there = {each.column: each.options for each in table.columns}
        for name in {**wanted, **there}:
            columns[name]  # one that is missing is its own failure
            row = f"c.attrelid = {literal(self.table)}::pg_catalog.regclass and c.attname = {literal(name)}"
            yield from options_differ(
                f"foreign table {self.table} alter column {quote(name)}",
                f"pg_attribute, attfdwoptions, {row}",
                wanted.get(name, ()),
                there.get(name, ()),
                only=True,
                of=f"{self.table}.{quote(name)}",
            )


class ForeignTablesAre(RelationsAre):
    """The schema holds exactly the foreign tables {tables}.

    A closed world: no policy guards a foreign table. Partitions and those of extensions are left out, unless they are
    named.

    Example:
        ForeignTablesAre(["orders"])

    Repair: add one that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    tables: Relations
    in_schema: Identifier | None = None

    nouns = ("foreign table", "foreign tables")
    members = "tables"

    def is_one(self, relation: RelationRecord) -> bool:
        return relation.kind == "foreign table"
