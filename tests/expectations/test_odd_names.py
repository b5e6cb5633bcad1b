"""Every expectation on objects whose names need quotes, hold quotes, dots, brackets, percent signs and markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import (
    AclIs,
    AggregateIs,
    CastAbsent,
    CastPresent,
    CastsAre,
    CheckConstraint,
    ChildrenAre,
    Clustered,
    CollationExists,
    ColumnCollation,
    ColumnDefault,
    ColumnExists,
    ColumnGenerated,
    ColumnIdentity,
    ColumnKindsAre,
    ColumnNotNull,
    ColumnNullable,
    ColumnsAre,
    ColumnStorage,
    ColumnType,
    CommentIs,
    CommentsAre,
    CompositeAttributes,
    DatabaseHas,
    DefaultAclIs,
    DefaultAclsAre,
    DefaultPrivilegesAre,
    DistinctShare,
    DomainIs,
    EnumLabels,
    EventTriggerPresent,
    ExclusionConstraint,
    ForeignDataWrapperPresent,
    ForeignKey,
    ForeignServerPresent,
    ForeignTableExists,
    ForeignTablesAre,
    Fresh,
    FunctionCallable,
    FunctionPresent,
    GrantsAre,
    IndexesAre,
    IndexPresent,
    InheritsFrom,
    LanguagePresent,
    MaterializedViewsAre,
    MeanBetween,
    MemberOf,
    NoOrphans,
    NoPersonalData,
    NotInheritsFrom,
    NotMemberOf,
    NullShare,
    ObjectAbsent,
    ObjectsAre,
    OperatorAbsent,
    OperatorClassPresent,
    OperatorPresent,
    OperatorsAre,
    OwnerIs,
    ParentsAre,
    PartitionedBy,
    PartitionOf,
    PartitionsAre,
    PoliciesAre,
    PolicyPresent,
    PrimaryKey,
    PrivilegeGranted,
    PrivilegeNotGranted,
    PublicationPresent,
    Quantiles,
    QueryReturnsNothing,
    RangeIs,
    Reconciles,
    RelationExists,
    ReplicaIdentity,
    RlsBlocksAnon,
    RlsDisabled,
    RlsEnabled,
    RlsForced,
    RlsNotForced,
    RoleExists,
    RowCount,
    RowsSatisfy,
    RulePresent,
    RulesAre,
    SchemaExists,
    SequencePresent,
    ShareWhere,
    StatisticsPresent,
    StdDevBetween,
    SubscriptionPresent,
    SumEquals,
    TableExists,
    TablePublished,
    TablesAre,
    TablespaceExists,
    TableStorage,
    TextSearchConfigurationPresent,
    TextSearchDictionaryPresent,
    TriggerPresent,
    TriggersAre,
    TypeExists,
    UniqueConstraint,
    ValueLengths,
    ValuesBetween,
    ValuesIncreasing,
    ValuesInSet,
    ValuesMatch,
    ValuesNotNull,
    ValuesOfJsonSchema,
    ValuesUnique,
    ViewExists,
    ViewsAre,
)
from pgcontract.contract import registry
from pgcontract.names import literal, quote
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SCHEMA = 'My Schema. (100%s) "x"'
TABLE = 'Weird "name" <script>'
COLUMN = "Odd. col, (%s) 'x' \\ \"y\""
ROLE = 'The Role. (%) "r" <b>'
THING = 'it\'s. a (%s) "thing" \\ <i>'
FUNCTION = 'f (x). "%s"'
S, T, C, R, N, F = (quote(name) for name in (SCHEMA, TABLE, COLUMN, ROLE, THING, FUNCTION))

SETUP = f"""
create role {R};
create role "odd member" in role {R};
create schema {S};
create domain {S}.{N} as int;
create table {S}.{T} (
    {C} int default 1 not null, "B" {S}.{N}, constraint {N} primary key ({C}), constraint "U. 1" unique ("B"),
    constraint "C. 1" check ({C} > 0), constraint "F. 1" foreign key ("B") references {S}.{T} ({C}) on delete cascade
);
insert into {S}.{T} values (1, 1);
create index "I. 1" on {S}.{T} ({C} desc) include ("B") where {C} > 0;
alter table {S}.{T} enable row level security, force row level security;
create policy {N} on {S}.{T} for select to {R} using ({C} < 0);
create function {S}.{F}(a {S}.{N}, {C} int default 2) returns {S}.{N} stable language sql as 'select a';
create function {S}."T. 1"() returns trigger language plpgsql as 'begin return new; end';
create trigger {N} before update on {S}.{T} for each row when (new.{C} > 0) execute function {S}."T. 1"();
create sequence {S}."Q. 1";
create view {S}."V. 0" as select 1 as a;
create materialized view {S}."M. 0" as select 1 as a;
create table {S}."P. 0" ({C} int); create table {S}."C. 0" () inherits ({S}."P. 0"); create table {S}."D. 0" ({C} int);
create table {S}."R. 0" ({C} int) partition by list ({C});
create table {S}."R. 1" partition of {S}."R. 0" for values in (1);
create type {S}."E. 1" as enum ({literal(THING)});
create language "L. 1" handler plpgsql_call_handler;
alter tablespace pg_default rename to "P. 1";
create collation {S}.{N} (provider = libc, locale = 'C');
create operator class {S}.{N} for type {S}.{N} using btree as operator 3 = (integer, integer);
create type {S}."P. 1" as ({C} {S}.{N});
create cast ({S}."P. 1" as text) with inout;
create function public."O. 1"({S}."P. 1", {S}."P. 1") returns boolean language sql as 'select true';
create operator {S}.<%> (leftarg = {S}."P. 1", rightarg = {S}."P. 1", function = public."O. 1");
grant select, delete on {S}.{T} to {R};
grant usage on schema {S} to {R};
"""
S2, K = quote("Schéma. 2 (%s)"), quote("K i. d")
SETUP += f"""
create schema {S2};
create table {S2}.{T} ({C} int constraint {N} primary key, "B" int);
alter table {S2}.{T} cluster on {N}, replica identity full;
create table {S2}.{K} () inherits ({S2}.{T});
create view {S2}.{R} as select 1 as {C};
create materialized view {S2}.{C} as select 1 as {C};
create table {S2}."P. 1" ({C} int) partition by list ({C});
create table {S2}."P. 2" partition of {S2}."P. 1" default;
create table {S2}."N. 1" ({C} text, "%s" int);
create rule {N} as on delete to {S2}.{T} do instead nothing;
create trigger {N} before update on {S2}.{T} for each row execute function {S}."T. 1"();
create foreign data wrapper {N};
create server {N} foreign data wrapper {N} options ({C} {literal(THING)});
create foreign table {S2}.{F} ({C} int) server {N} options ({C} {literal(THING)});
create function {S2}.{F}() returns event_trigger language plpgsql as 'begin end';
create event trigger {N} on sql_drop execute function {S2}.{F}();
create publication {N} for table only {S2}.{T} with (publish = 'insert');
create subscription {N} connection 'host=nowhere' publication {N}
    with (connect = false, slot_name = none, enabled = false);
create statistics {S2}.{C} on {C}, "B" from {S2}.{T};
create domain {S}."D. 1" as float8;
create function {S2}."Diff. 1"({S}."D. 1", {S}."D. 1") returns float8 immutable strict language sql as 'select 1.0';
create table {S2}."G. 1" (
    "Col. 1" text collate {S}.{N},
    {C} int, {T} int generated always as ({C} + 1) stored, {N} int generated always as identity
);
alter table {S2}."G. 1" add constraint "X. '(%s) 1" exclude using btree ({T} with =) where ({C} > 0);
create type {S2}."R. 1" as range (subtype = {S}."D. 1", subtype_diff = {S2}."Diff. 1");
create text search dictionary {S2}.{N} (template = simple);
create text search configuration {S2}.{N} (parser = pg_catalog.default);
alter text search configuration {S2}.{N} add mapping for word with {S2}.{N};
create table {S2}."Y. 1" ({C} date, {T} jsonb); insert into {S2}."Y. 1" values (current_date, '{{"%s": 1}}');
insert into {S}."D. 0" values (1), (2);
create function {S2}."S. 1"(int, int) returns int language sql as 'select 1';
create aggregate {S2}.{N}(int) (sfunc = {S2}."S. 1", stype = int);
"""
WHERE = f"{S}.{T}"
MORE = f"create operator {S}.<%%> (leftarg = int, rightarg = int, function = int4eq)"
EVERY: list[tuple[Expectation, str]] = [
    (SchemaExists(SCHEMA), f"alter schema {S} rename to other"),
    (TableExists(WHERE), f"alter table {WHERE} rename to other"),
    (TableStorage(WHERE, parameters=[]), f"alter table {WHERE} set (fillfactor = 50)"),
    (RelationExists(WHERE), f"alter table {WHERE} rename to other"),
    (TablesAre([WHERE, *(f'{S}."{n}. 0"' for n in "PCDR")]), f'create table {S}."T. 2" ()'),
    (ColumnStorage(WHERE, COLUMN), f"alter table {WHERE} alter {C} set statistics 77"),
    (
        AggregateIs(f"{S2}.{N}(int)", f'{S2}."S. 1"', "int"),
        f"create or replace aggregate {S2}.{N}(int) (sfunc = int4pl, stype = int)",
    ),
    (ColumnExists(WHERE, COLUMN), f"alter table {WHERE} rename {C} to other"),
    (
        ColumnType(WHERE, COLUMN, "int"),
        f"drop policy {N} on {WHERE}; drop trigger {N} on {WHERE}; alter table {WHERE} alter {C} type bigint",
    ),
    (ColumnType(WHERE, "B", f"{S}.{N}"), f'alter table {WHERE} alter "B" type int'),
    (ColumnNotNull(WHERE, COLUMN), f"alter table {WHERE} drop constraint {N} cascade, alter {C} drop not null"),
    (ColumnNullable(WHERE, "B"), f'alter table {WHERE} alter "B" set not null'),
    (ColumnDefault(WHERE, COLUMN, "1"), f"alter table {WHERE} alter {C} set default 2"),
    (
        ColumnCollation(f'{S2}."G. 1"', "Col. 1", THING, SCHEMA),
        f'alter table {S2}."G. 1" alter "Col. 1" type text',
    ),
    (PrimaryKey(WHERE, COLUMN), f"alter table {WHERE} drop constraint {N} cascade"),
    (UniqueConstraint(WHERE, "B", name="U. 1"), f'alter table {WHERE} drop constraint "U. 1"'),
    (
        ExclusionConstraint(f'{S2}."G. 1"', f"{T} with =", using="btree", where=f"{C} > 0", name="X. '(%s) 1"),
        f"""alter table {S2}."G. 1" drop constraint "X. '(%s) 1\" """,
    ),
    (CheckConstraint(WHERE, f"{C} > 0", name="C. 1"), f'alter table {WHERE} drop constraint "C. 1"'),
    (
        ForeignKey(WHERE, "B", f"{WHERE}({C})", on_delete="CASCADE", name="F. 1"),
        f'alter table {WHERE} drop constraint "F. 1"',
    ),
    (ForeignKey(WHERE, "B", WHERE), f'alter table {WHERE} drop constraint "F. 1"'),
    (
        IndexPresent(WHERE, f"{C} desc", name="I. 1", where=f"{C} > 0", include="B"),
        f'drop index {S}."I. 1"',
    ),
    (
        PolicyPresent(WHERE, THING, command="SELECT", roles=[ROLE], using=f"{C} < 0"),
        f"alter policy {N} on {WHERE} to public using (true)",
    ),
    (PolicyPresent(WHERE, THING, command="SELECT", roles=[ROLE], using=f"{C} < 0"), f"drop policy {N} on {WHERE}"),
    (PoliciesAre(WHERE, [THING]), f"drop policy {N} on {WHERE}"),
    (RlsEnabled(WHERE), f"alter table {WHERE} disable row level security"),
    (RlsForced(WHERE), f"alter table {WHERE} no force row level security"),
    (RlsBlocksAnon(WHERE, role=ROLE, claims={"sub": ROLE}), f"create policy more on {WHERE} to {R} using (true)"),
    (FunctionPresent(f"{S}.{F}({S}.{N}, int)", volatility="stable"), f"alter function {S}.{F} volatile"),
    (FunctionPresent(f"{S}.{F}"), f"drop function {S}.{F}"),
    (
        FunctionCallable(f"{S}.{F}({S}.{N}, int)", role=ROLE, arguments=[5], claims={"sub": "%s"}),
        f"revoke all on function {S}.{F} from public",
    ),
    (FunctionCallable(f"{S}.{F}", role=ROLE), f"revoke usage on schema {S} from {R}"),
    (
        TriggerPresent(WHERE, THING, function=f'{S}."T. 1"()', when=f"new.{C} > 0"),
        f"alter table {WHERE} disable trigger {N}",
    ),
    (RoleExists(ROLE, login=False), f"alter role {R} login"),
    (PrivilegeGranted(ROLE, "SELECT", table=WHERE), f"revoke select on {WHERE} from {R}"),
    (PrivilegeGranted(ROLE, "SELECT", table=WHERE, columns=[COLUMN]), f"revoke select on {WHERE} from {R}"),
    (PrivilegeNotGranted(ROLE, "UPDATE", table=WHERE), f"grant update ({C}) on {WHERE} to {R}"),
    (PrivilegeNotGranted(ROLE, "USAGE", sequence=f'{S}."Q. 1"'), f'grant usage on sequence {S}."Q. 1" to {R}'),
    (PrivilegeNotGranted(ROLE, "CREATE", on_schema=SCHEMA), f"grant create on schema {S} to {R}"),
    (PrivilegeGranted(ROLE, "EXECUTE", function=f"{S}.{F}"), f"revoke all on function {S}.{F} from public"),
    (TypeExists(f"{S}.{N}", is_a="domain"), f"alter domain {S}.{N} rename to other"),
    (EnumLabels(f'{S}."E. 1"', [THING]), f"""alter type {S}."E. 1" add value '%s "x"' before {literal(THING)}"""),
    (DomainIs(f"{S}.{N}", "int", checks=[]), f"alter domain {S}.{N} add constraint {C} check (value > 0)"),
    (CompositeAttributes(f'{S}."P. 1"', [(COLUMN, f"{S}.{N}")]), f'alter type {S}."P. 1" drop attribute {C}'),
    (LanguagePresent("L. 1", trusted=False), 'alter language "L. 1" rename to other'),
    (TablespaceExists("P. 1"), 'alter tablespace "P. 1" rename to other'),
    (CollationExists(f"{S}.{N}", locale="C"), f"alter collation {S}.{N} rename to other"),
    (OperatorClassPresent(f"{S}.{N}", type=f"{S}.{N}"), f"drop operator class {S}.{N} using btree"),
    (CastPresent(f'{S}."P. 1"', "text"), f'drop cast ({S}."P. 1" as text)'),
    (CastAbsent(f'{S}."P. 1"', "json"), f'create cast ({S}."P. 1" as json) with inout'),
    (CastsAre([f'{S}."P. 1" as text']), f'create cast ({S}."P. 1" as json) with inout'),
    (OperatorPresent(f"{S}.<%>", f'{S}."P. 1"', f'{S}."P. 1"'), f'drop operator {S}.<%> ({S}."P. 1", {S}."P. 1")'),
    (OperatorAbsent(f"{S}.<%%>", "int", "int"), MORE),
    (OperatorsAre([f'{S}.<%> ({S}."P. 1", {S}."P. 1")']), MORE),
    (RowCount(WHERE, at_most=1), f"insert into {WHERE} values (7, null)"),
    (RowsSatisfy(WHERE, f"{C} < 7 and '%s' is not null"), f"insert into {WHERE} values (7, null)"),
    (MeanBetween(WHERE, COLUMN, at_most=3), f"insert into {WHERE} values (7, null)"),
    (StdDevBetween(f'{S}."D. 0"', COLUMN, at_most=1), f'insert into {S}."D. 0" values (70)'),
    (SumEquals(WHERE, COLUMN, 1), f"insert into {WHERE} values (7, null)"),
    (Quantiles(WHERE, COLUMN, {1: (1, 1)}), f"insert into {WHERE} values (7, null)"),
    (NullShare(WHERE, "B", at_most=0), f"insert into {WHERE} values (7, null)"),
    (DistinctShare(f'{S}."D. 0"', COLUMN, 1), f'insert into {S}."D. 0" values (1)'),
    (ShareWhere(WHERE, f"{C} < 7 and '%s' is not null", 1), f"insert into {WHERE} values (7, null)"),
    (Fresh(f'{S2}."Y. 1"', COLUMN, "3 days"), f'update {S2}."Y. 1" set {C} = {C} - 9'),
    (NoOrphans(f'{S}."P. 0"', COLUMN, f"{WHERE}({C})"), f'insert into {S}."P. 0" values (9)'),
    (Reconciles(f'{S}."P. 0"', COLUMN, f'{S}."C. 0"({C})'), f'insert into {S}."P. 0" values (9)'),
    (QueryReturnsNothing(f"select {C}, '%s' from {WHERE} where {C} = 7"), f"insert into {WHERE} values (7, null)"),
    (ValuesIncreasing(f'{S}."D. 0"', COLUMN, COLUMN, strictly=True), f'insert into {S}."D. 0" values (1)'),
    (NoPersonalData(f'{S2}."N. 1"', [COLUMN]), f"""insert into {S2}."N. 1" values ('a@b.org')"""),
    (ValuesOfJsonSchema(f'{S2}."Y. 1"', TABLE, {"required": ["%s"]}), f"""update {S2}."Y. 1" set {T} = '{{}}'"""),
    (ValueLengths(f'{S2}."N. 1"', COLUMN, at_most=9), f"""insert into {S2}."N. 1" values ('0123456789')"""),
    (ValuesBetween(WHERE, COLUMN, at_most=6), f"insert into {WHERE} values (7, null)"),
    (ValuesInSet(f'{S2}."N. 1"', COLUMN, [THING]), f"""insert into {S2}."N. 1" values ('%s')"""),
    (ValuesMatch(f'{S2}."N. 1"', COLUMN, "^[^%]*%s"), f"""insert into {S2}."N. 1" values ('%%s')"""),
    (ValuesNotNull(WHERE, "B"), f"insert into {WHERE} values (7, null)"),
    (ValuesUnique(f'{S2}."N. 1"', [COLUMN, "%s"]), f"""insert into {S2}."N. 1" values ('a', 1), ('a', 1)"""),
    (ObjectAbsent("column", THING, of=WHERE), f"alter table {WHERE} add {N} int"),
    (ObjectAbsent("view", f'{S}."V. 1"'), f'create view {S}."V. 1" as select 1 as a'),
    (ObjectsAre("trigger", [THING], of=WHERE), f"drop trigger {N} on {WHERE}"),
    (ObjectsAre("function", [f"{S}.{F}", f'{S}."T. 1"()']), f"drop function {S}.{F}"),
    (OwnerIs("table", WHERE, "postgres"), f"alter table {WHERE} owner to {R}"),
    (CommentIs("policy", THING, None, of=WHERE), f"comment on policy {N} on {WHERE} is '%s'"),
    (SequencePresent(f'{S}."Q. 1"', cycle=False), f'alter sequence {S}."Q. 1" cycle'),
    (NotMemberOf(ROLE, "pg_monitor"), f"grant pg_monitor to {R}"),
    (MemberOf("odd member", ROLE), f'revoke {R} from "odd member"'),
    (GrantsAre(ROLE, "USAGE", on_schema=SCHEMA), f"grant create on schema {S} to {R}"),
    (GrantsAre(ROLE, "USAGE", type=f"{S}.{N}"), f"revoke usage on type {S}.{N} from public"),
    (
        DatabaseHas(owner="postgres"),
        "do $$ begin execute format('alter database %I owner to pg_monitor', current_database()); end $$",
    ),
    (
        DefaultPrivilegesAre("tables", ROLE, "odd member", [], in_schema=SCHEMA),
        f'alter default privileges for role {R} in schema {S} grant select on tables to "odd member"',
    ),
    (ViewExists(f'{S}."V. 0"'), f'alter view {S}."V. 0" rename to other'),
    (ViewsAre([f'{S}."V. 0"']), f'create view {S}."V. 2" as select 1 as a'),
    (MaterializedViewsAre([f'{S}."M. 0"']), f'create materialized view {S}."M. 1" as select 1 as a'),
    (ChildrenAre(f'{S}."P. 0"', [f'{S}."C. 0"']), f'alter table {S}."C. 0" no inherit {S}."P. 0"'),
    (InheritsFrom(f'{S}."C. 0"', f'{S}."P. 0"'), f'alter table {S}."C. 0" no inherit {S}."P. 0"'),
    (NotInheritsFrom(f'{S}."D. 0"', f'{S}."P. 0"'), f'alter table {S}."D. 0" inherit {S}."P. 0"'),
    (PartitionOf(f'{S}."R. 1"', f'{S}."R. 0"'), f'alter table {S}."R. 0" detach partition {S}."R. 1"'),
    (PartitionsAre(f'{S}."R. 0"', [f'{S}."R. 1"']), f'alter table {S}."R. 0" detach partition {S}."R. 1"'),
    (
        PartitionedBy(f'{S}."R. 0"', "LIST", [C]),
        f'drop table {S}."R. 0"; create table {S}."R. 0" ({C} int) partition by hash ({C})',
    ),
    (RulePresent(f"{S2}.{T}", THING, event="DELETE"), f"alter table {S2}.{T} disable rule {N}"),
    (RulesAre(f"{S2}.{T}", [THING]), f"drop rule {N} on {S2}.{T}"),
    (
        ForeignTableExists(f"{S2}.{F}", server=THING, options=f"{COLUMN}={THING}"),
        f"alter foreign table {S2}.{F} options (set {C} 'x')",
    ),
    (ForeignTablesAre([f"{S2}.{F}"]), f"drop foreign table {S2}.{F}"),
    (ForeignServerPresent(THING, options=f"{COLUMN}={THING}"), f"alter server {N} options (set {C} 'x')"),
    (Clustered(f"{S2}.{T}", THING), f"alter table {S2}.{T} set without cluster"),
    (ReplicaIdentity(f"{S2}.{T}", "FULL"), f"alter table {S2}.{T} replica identity default"),
    (EventTriggerPresent(THING, function=f"{S2}.{F}()"), f"alter event trigger {N} disable"),
    (PublicationPresent(THING, tables=[f"{S2}.{T}"]), f"alter publication {N} drop table only {S2}.{T}"),
    (TablePublished(f"{S2}.{T}", THING), f"alter publication {N} drop table only {S2}.{T}"),
    (
        SubscriptionPresent(THING, publications=THING, enabled=False),
        f"alter subscription {N} set publication other with (refresh = false)",
    ),
    (StatisticsPresent(f"{S2}.{T}", ['"B"', C], name=COLUMN), f"drop statistics {S2}.{C}"),
    (IndexesAre(f"{S2}.{T}", [THING]), f'create index on {S2}.{T} ("B")'),
    (TriggersAre(f"{S2}.{T}", [THING]), f"drop trigger {N} on {S2}.{T}"),
    (ColumnsAre(f"{S2}.{T}", [COLUMN, "B"]), f'alter table {S2}.{T} drop "B"'),
    (
        TextSearchConfigurationPresent(f"{S2}.{N}", mappings=[("word", f"{S2}.{N}")]),
        f"alter text search configuration {S2}.{N} alter mapping for word with simple",
    ),
    (ColumnGenerated(f'{S2}."G. 1"', TABLE, f"{C}+1"), f'alter table {S2}."G. 1" alter {T} drop expression'),
    (ColumnIdentity(f'{S2}."G. 1"', THING, "ALWAYS", cache=1), f'alter table {S2}."G. 1" alter {N} set cache 7'),
    (
        RangeIs(f'{S2}."R. 1"', f'{S}."D. 1"', subtype_diff='"Diff. 1"'),
        f'drop type {S2}."R. 1"; create type {S2}."R. 1" as range (subtype = int)',
    ),
    (ForeignDataWrapperPresent(THING), f"drop foreign data wrapper {N} cascade"),
    (AclIs("schema", SCHEMA, {ROLE: "usage"}), f'grant create on schema {S} to "odd member"'),
    (
        AclIs("table", f"{S2}.{T}", columns={COLUMN: {}}),
        f"grant select ({C}) on {S2}.{T} to {R} with grant option",
    ),
    (
        DefaultAclIs("tables", ROLE, in_schema=SCHEMA),
        f'alter default privileges for role {R} in schema {S} grant select on tables to "odd member"',
    ),
    (
        DefaultAclsAre([]),
        f'alter default privileges for role {R} in schema {S} grant select on tables to "odd member"',
    ),
    (
        ColumnKindsAre(f'{S2}."G. 1"', identity=THING, generated=TABLE, collated="Col. 1"),
        f'alter table {S2}."G. 1" alter {T} drop expression',
    ),
    (CommentsAre(f"{S2}.{T}", []), f"comment on column {S2}.{T}.{C} is '%s'"),
    (ParentsAre(f'{S}."C. 0"', [f'{S}."P. 0"']), f'alter table {S}."C. 0" no inherit {S}."P. 0"'),
    (RlsDisabled(f"{S2}.{T}"), f"alter table {S2}.{T} enable row level security"),
    (RlsNotForced(f"{S2}.{T}"), f"alter table {S2}.{T} force row level security"),
    (TextSearchDictionaryPresent(f"{S2}.{N}"), f"drop text search dictionary {S2}.{N} cascade"),
]
CASES = [Case(expectation, SETUP, broken) for expectation, broken in EVERY]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


# What behaves has its own odd names (test_odd_behaviour.py); advice names no object, and looks at those it meets.
ELSEWHERE = {
    *("AccessMatrix", "ConstraintRefuses", "CrudWorks", "NotReadableBy", "NotWritableBy", "QueryReturns", "ReadableBy"),
    *(
        "RlsIsolates",
        "TenantsDoNotInterfere",
        "TriggerFires",
        "WritableBy",
        "ExtensionInstalled",
        "ExtensionMembersAre",
    ),
}


def test_every_kind_is_here() -> None:
    ours = {
        name: cls.__module__ for name, cls in registry.offered().items() if cls.__module__.startswith("pgcontract.")
    }
    named = {name for name, module in ours.items() if ".advice." not in module}
    assert named - {expectation.kind for expectation, _ in EVERY} == ELSEWHERE
