from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, get_args

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.relations import RelationKind
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Relation, Relations
from pgcontract.expectations.compare import differs
from pgcontract.expectations.worlds import RelationsAre
from pgcontract.names import perhaps
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation as RelationRecord

Kinds = Annotated[RelationKind, AnyCase(get_args(RelationKind))]


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

    A table, a view, a materialised view or a foreign table: whatever can be selected from. With `of_kind` it must be
    that one of them: a `table` is then one that is not partitioned.

    Example:
        RelationExists("monthly_totals")

    Repair: run the migration that creates it.
    """

    relation: Relation
    of_kind: Kinds | None = None

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
        elif self.of_kind is not None:
            yield from differs(f"kind of {self.relation}", self.of_kind, catalog.relations[self.relation].kind)


class TablesAre(RelationsAre):
    """The schema holds exactly the tables {tables}.

    A closed world: a table that nobody wrote down is one that nobody wrote policies for. Partitions and the tables of
    extensions are left out, unless they are named.

    Example:
        TablesAre(["invoices", "customers"])

    Repair: add a table that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    tables: Relations
    in_schema: Identifier | None = None

    nouns = ("table", "tables")
    members = "tables"

    def is_one(self, relation: RelationRecord) -> bool:
        return relation.is_table
