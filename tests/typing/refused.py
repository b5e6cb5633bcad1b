"""What mypy and pyright both refuse: each line marked, and no other. It is read, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract import (
    Catalog,
    CatalogExpectation,
    ColumnType,
    Finding,
    ForeignKey,
    NotWritableBy,
    PolicyPresent,
    Principal,
    ReadableBy,
    Relation,
    RlsEnabled,
    RowCount,
    Suite,
    TableExists,
    table,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TableExists()  # error: the table is missing
TableExists(5)  # error: not a text
TableExists("a", "b")  # error: one too many
TableExists("a", "warning")  # error: severity goes by keyword
TableExists("a", severty="error")  # error: misspelt
TableExists("a", severity="eror")  # error: no severity
TableExists(tabel="a")  # error: misspelt
TableExists(["a"])  # error: one table only
ColumnType("a", "b")  # error: the type is missing
ColumnType("a", "b", 5)  # error: not a text
ColumnType("a", "b", "c", "d")  # error: one too many
PolicyPresent("a", command="SELCT")  # error: no command
PolicyPresent("a", command=["SELECT"])  # error: one command only
ForeignKey("a", "b", "c", on_delete="CASCAD")  # error: no action
RlsEnabled("a", because=5)  # error: not a text
RowCount("a", at_least="1")  # error: not a number
TableExists("a").table = "b"  # error: a value
table("a", colums={})  # error: misspelt
table("a", columns={"b": {"typ": "uuid"}})  # error: misspelt
table("a", columns={"b": 5})  # error: neither a type nor its parts
table("a", rls="off")  # error: true, false, or a mapping
Suite("s", [5])  # error: no expectation
Suite("s", [TableExists])  # error: a class
Suite("s").select(tag="a")  # error: misspelt
verify("contract.yaml", "postgresql://localhost/a")  # error: no suite
verify(Suite("s"))  # error: no database
verify(Suite("s"), "postgresql://localhost/a", probes="write")  # error: no such mode


class Mine(CatalogExpectation):
    """Mine of {table}."""

    table: Relation
    limit: int = 5

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        yield Finding(catalog.tables[self.table].nme)  # error: misspelt


Principal()  # error: without a name
Principal("a", rol="b")  # error: misspelt
ReadableBy("a", "b", rows="some")  # error: own or all
NotWritableBy("a", "b", "SELECT")  # error: that is reading

Mine()  # error: the table is missing
Mine("a", "b")  # error: not a number
Mine("a", limt=5)  # error: misspelt
