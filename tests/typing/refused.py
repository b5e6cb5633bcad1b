# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""What mypy and pyright both refuse. It is read, never run.

Either checker complains of a line that it is told to ignore and finds nothing wrong with: `make lint` proves all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import MetaData

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

TableExists()  # type: ignore[call-arg]  # the table is missing
TableExists(5)  # type: ignore[arg-type]  # not a text
TableExists("a", "b")  # type: ignore[arg-type, call-arg]  # one too many
TableExists("a", "warning")  # type: ignore[call-arg]  # severity goes by keyword
TableExists("a", severty="error")  # type: ignore[call-arg]  # misspelt
TableExists("a", severity="eror")  # type: ignore[arg-type]  # no severity
TableExists(tabel="a")  # type: ignore[call-arg]  # misspelt
TableExists(["a"])  # type: ignore[arg-type]  # one table only
ColumnType("a", "b")  # type: ignore[call-arg]  # the type is missing
ColumnType("a", "b", 5)  # type: ignore[arg-type]  # not a text
ColumnType("a", "b", "c", "d")  # type: ignore[arg-type, call-arg]  # one too many
PolicyPresent("a", command="SELCT")  # type: ignore[arg-type]  # no command
PolicyPresent("a", command=["SELECT"])  # type: ignore[arg-type]  # one command only
ForeignKey("a", "b", "c", on_delete="CASCAD")  # type: ignore[arg-type]  # no action
RlsEnabled("a", because=5)  # type: ignore[arg-type]  # not a text
RowCount("a", at_least="1")  # type: ignore[arg-type]  # not a number
TableExists("a").table = "b"  # type: ignore[misc]  # a value
table("a", colums={})  # type: ignore[call-arg]  # misspelt
table("a", columns={"b": {"typ": "uuid"}})  # type: ignore[dict-item]  # misspelt
table("a", columns={"b": 5})  # type: ignore[dict-item]  # neither a type nor its parts
table("a", rls="off")  # type: ignore[arg-type]  # true, false, or a mapping
Suite("s", [5])  # type: ignore[list-item]  # no expectation
Suite("s", [TableExists])  # type: ignore[list-item]  # a class
Suite("s").select(tag="a")  # type: ignore[call-arg]  # misspelt
Suite.from_metadata(MetaData(), close=True)  # type: ignore[call-arg]  # misspelt
Suite.from_metadata("models")  # type: ignore[arg-type]  # no metadata
verify("contract.yaml", "postgresql://localhost/a")  # type: ignore[arg-type]  # no suite
verify(Suite("s"))  # type: ignore[call-arg]  # no database
verify(Suite("s"), "postgresql://localhost/a", probes="write")  # type: ignore[arg-type]  # no such mode


class Mine(CatalogExpectation):
    """Mine of {table}."""

    table: Relation
    limit: int = 5

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        yield Finding(catalog.tables[self.table].nme)  # type: ignore[attr-defined]  # misspelt


Principal()  # type: ignore[call-arg]  # without a name
Principal("a", rol="b")  # type: ignore[call-arg]  # misspelt
ReadableBy("a", "b", rows="some")  # type: ignore[arg-type]  # own or all
NotWritableBy("a", "b", "SELECT")  # type: ignore[arg-type]  # that is reading

Mine()  # type: ignore[call-arg]  # the table is missing
Mine("a", "b")  # type: ignore[arg-type]  # not a number
Mine("a", limt=5)  # type: ignore[call-arg]  # misspelt
