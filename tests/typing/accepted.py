"""What people write; mypy and pyright accept all of it in their strict modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from sqlalchemy import MetaData

from pgcontract import (
    Aggregate,
    Catalog,
    CatalogExpectation,
    ColumnDefault,
    ColumnExists,
    ColumnType,
    ConstraintRefuses,
    CrudWorks,
    DataExpectation,
    Expectation,
    Finding,
    ForeignKey,
    FunctionCallable,
    FunctionPresent,
    Identifier,
    IndexPresent,
    Member,
    NotWritableBy,
    Outcome,
    PolicyPresent,
    PrimaryKey,
    Principal,
    PrivilegeGranted,
    ProbeExpectation,
    QueryReturns,
    ReadableBy,
    Relation,
    Report,
    RlsBlocksAnon,
    RlsIsolates,
    RoleExists,
    RowCount,
    Session,
    Suite,
    TableExists,
    TablesAre,
    Timeouts,
    TriggerFires,
    TriggerPresent,
    Values,
    snapshot,
    table,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg
    import sqlalchemy

    from pgcontract.catalog.relations import Relation as RelationRecord

# By position, by keyword, and with what every expectation has.
TableExists("invoices")
TableExists(table="invoices")
TableExists("invoices", severity="warning", tags="core", because="the app needs it")
TableExists("invoices", tags=["core", "billing"])
TableExists("invoices", tags={"core"})
ColumnExists("invoices", "id")
ColumnType("invoices", "amount", "numeric(12,2)")
ColumnType("invoices", column="amount", type="numeric(12,2)")
ColumnDefault("invoices", "paid_at", None)
PrimaryKey("invoices", "id")
PrimaryKey("invoices", ["org_id", "id"])
ForeignKey("invoices", "org_id", "organizations(id)", on_delete="CASCADE")
IndexPresent("invoices", ["org_id", "created_at desc"], unique=True)
PolicyPresent("invoices", "owner_select", command="SELECT", roles=["authenticated"], using="user_id = auth.uid()")
PolicyPresent("invoices", command="ALL", roles="authenticated")
TriggerPresent("invoices", "touch", function="touch()", timing="BEFORE", events=["UPDATE"])
TriggerPresent("invoices", "touch", events="UPDATE", level="ROW")
FunctionPresent("f(int)", returns="void", security="definer", settings='search_path=""')
FunctionCallable("f(int)", role="anon", arguments=[1, "two", None], claims={"sub": "1"})
PrivilegeGranted("anon", "SELECT", table="invoices", columns=["id"])
RlsBlocksAnon("invoices")
RoleExists("anon", bypass_rls=False)
RowCount("invoices", at_least=1)
TablesAre(["invoices", "customers"])

assert_type(TableExists("invoices"), TableExists)
assert_type(TableExists("invoices").table, str)
assert_type(TableExists("invoices").subject, str)

short = table(
    "invoices",
    columns={"id": {"type": "uuid", "nullable": False}, "note": "text null"},
    primary_key="id",
    indexes=["org_id", ["org_id", "created_at desc"], {"columns": "id", "unique": True}],
    owner="user_id",
    grants={"anon": [], "authenticated": ["SELECT", {"UPDATE": ["note"]}]},
)
assert_type(short, tuple[Expectation, ...])

suite = Suite("billing", [TableExists("invoices"), short, [ColumnExists("a", "b")]], schema="app")
assert_type(suite + Suite("more"), Suite)
assert_type(suite.select(tags="core", kinds=["Column*"], tables={"invoices"}), Suite)
assert_type(Suite.load("contract.yaml").to_yaml(), str)
assert_type(Suite.from_metadata(MetaData(), closed=True, include=lambda table: table.schema is None), Suite)
for each in suite:
    assert_type(each, Expectation)


class TableHasPrimaryKey(CatalogExpectation):
    """The table {table} has a primary key."""

    table: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if catalog.tables[self.table].primary_key is None:
            yield Finding(f"{self.table} has no primary key", hint="Add one.")


class ColumnsAtMost(CatalogExpectation):
    """{table} has at most {limit} columns."""

    table: Relation
    limit: int = 100
    apart_from: Identifier | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if len(catalog.relations[self.table].columns) > self.limit:
            yield Finding("too many")


class AnonSeesNothing(ProbeExpectation):
    """anon sees no row of {table}."""

    table: Relation

    def probe(self, session: Session) -> Iterator[Finding]:
        with session.acting_as("anon", {"role": "anon"}):
            if session.count(f"select from {self.table}"):
                yield Finding("anon sees rows")


class Positive(DataExpectation):
    """{table}.{column} is positive."""

    table: Relation
    column: Member

    def aggregates(self, relation: RelationRecord) -> Iterable[Aggregate]:
        return (Aggregate("count(*)", where=f"{relation.columns[self.column].name} <= 0"),)

    def judge(self, values: Values) -> Iterator[Finding]:
        if any(values.values()):
            yield Finding("not positive")


acting = Suite("acting", principals=["supabase", Principal("tenant 1", "app", settings={"app.tenant_id": "1"})])
assert_type(acting.principals, tuple[Principal, ...])
ReadableBy("invoices", "user A", rows="own", columns="amount")
NotWritableBy("invoices", "anonymous", ["INSERT", "UPDATE"])
CrudWorks("invoices", by="user A", commands="SELECT", where={"amount": 5})
RlsIsolates("invoices", owner="user_id", between=["user A", "user B"])
ConstraintRefuses("invoices", row={"amount": -1})
TriggerFires("invoices", "touch", moves="updated_at")
QueryReturns("select 1, 'a'", [[1, "a"]], by="anon")
FunctionCallable("total(uuid)", returns=[5, None])

TableHasPrimaryKey("invoices")
ColumnsAtMost("invoices", 5, because="wide")
ColumnsAtMost("invoices", limit=5, apart_from="id")
AnonSeesNothing(table="invoices", severity="info")
Positive("invoices", "amount")


def runs(connection: psycopg.Connection[tuple[object, ...]], engine: sqlalchemy.Engine, catalog: Catalog) -> None:
    report = verify(suite, "postgresql://localhost/billing", probes="rollback", timeouts=Timeouts(connect=5))
    assert_type(report, Report)
    assert_type(report.passed, bool)
    assert_type(report.outcomes, tuple[Outcome, ...])
    report.save("report.html")
    report.raise_for_failures()
    verify(suite, connection)
    verify(suite, engine)
    with engine.connect() as bound:
        verify(suite, bound)
    verify(suite, catalog)
    verify(suite, snapshot(engine))
