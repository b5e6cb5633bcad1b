"""What a contract says is made again: each noun dropped or changed, planned for, mended, and as it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgcontract import (
    CheckConstraint,
    ColumnDefault,
    ColumnExists,
    ColumnNotNull,
    ColumnType,
    EnumLabels,
    FunctionPresent,
    IndexPresent,
    ObjectsAre,
    PartitionOf,
    PolicyPresent,
    Suite,
    TableExists,
    TriggerPresent,
    TypeExists,
    UniqueConstraint,
    ViewExists,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation

    from .conftest import Mend

pytestmark = pytest.mark.pg(">= 15")  # whose SQL the setup speaks

SETUP = """
create schema app;
create role repair_app; create role repair_reader;
create type app.status as enum ('open', 'it''s "paid"');
create type app."Pair, of" as (a int, "B c" text);
create domain app.positive as numeric check (value > 0);
create type app.span as range (subtype = float8);
create sequence app.numbers start 5 increment 2;
create collation app.bytes (provider = libc, locale = 'C');
create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create function app.mine(who text, other text default 'x''y', out answer boolean) language sql stable
    security definer set search_path = '' as $$ select who = other $$;
create function app.named(text) returns text language sql immutable as 'select $1';
create function app.twice(int) returns int language sql immutable as 'select $1 * 2';
create function app.twice(numeric) returns numeric language sql immutable as 'select $1 * 2';
create table app.orgs (id int primary key, name text collate "C" not null unique);
create table app."Odd table" (
    id int generated always as identity (start 10) primary key,
    org int not null references app.orgs on delete cascade deferrable initially deferred,
    number int default nextval('app.numbers') not null,
    status app.status default 'open',
    price app.positive,
    amount numeric(10, 2) default 0 constraint positive check (amount >= 0),
    double numeric generated always as (app.twice(amount)) stored,
    during int4range, who text, "Q" text,
    serial serial,
    constraint once unique (org, number),
    constraint apart exclude using gist (during with &&)
) with (fillfactor = 70);
create index "by who" on app."Odd table" (lower(who) desc, org) include ("Q") where status = 'open';
create statistics app.both on org, number from app."Odd table";
create view app.open with (security_barrier) as select id, who, amount from app."Odd table" where amount > 0;
create view app.more as select id from app.open;
create materialized view app.totals as select org, sum(amount) as total from app."Odd table" group by org;
create unique index totals_org on app.totals (org);
alter materialized view app.totals cluster on totals_org;
create trigger touching before update of amount, who on app."Odd table" for each row
    when (old.amount is distinct from new.amount) execute function app.touch('a', 'b''c');
create rule quiet as on delete to app.orgs where old.id < 0 do instead nothing;
alter table app."Odd table" enable row level security, force row level security;
create policy mine on app."Odd table" for select to repair_app using (app.mine(who, "Q"));
create policy never on app."Odd table" as restrictive for insert to public with check (amount < 100);
create type app.mood as enum ('sad', 'ok', 'happy', 'calm');
create table app.feelings (id int, mood app.mood default 'ok' check (mood <> 'sad'), moods app.mood[] default '{ok}');
create index happy on app.feelings (id) where mood = 'happy';
create view app.feeling as select id, mood from app.feelings;
create policy ok on app.feelings for select to public using (mood = 'ok');
comment on type app.mood is 'how it feels';
create table app.events (id int, at date, primary key (id, at)) partition by range (at);
create table app.events_1 partition of app.events for values from ('2020-01-01') to ('2021-01-01');
create publication repairs for table app.orgs (id), app.events where (id > 0)
    with (publish = 'insert', publish_via_partition_root = true);
create text search dictionary app.words (template = simple, accept = 'false');
create text search configuration app.search (parser = default);
alter text search configuration app.search add mapping for word, asciiword with app.words, simple;
create function app.equal(app.status, app.status) returns boolean language sql as 'select true';
create operator app.=== (leftarg = app.status, rightarg = app.status, function = app.equal);
create cast (app.status as int) with inout as assignment;
create foreign data wrapper repair_wrapper;
create server repair_server type 'x' foreign data wrapper repair_wrapper options (host 'h');
create foreign table app.far (a int not null) server repair_server options (table_name 't');
grant usage on schema app to repair_app;
grant select on app.open to repair_reader with grant option;
grant select ("Q"), update (who) on app."Odd table" to repair_app;
revoke execute on function app.mine(text, text) from public;
grant execute on function app.mine(text, text) to repair_app;
alter default privileges in schema app grant select on tables to repair_reader;
alter table app.orgs owner to repair_app;
comment on table app.orgs is 'it''s theirs';
comment on column app.open.who is 'of a view';
comment on policy mine on app."Odd table" is 'who reads';
comment on trigger touching on app."Odd table" is 'touches';
comment on constraint once on app."Odd table" is 'once';
"""
T = 'app."Odd table"'
DRIFTS = {
    "nothing": "",
    "all of it": "drop schema app cascade; drop publication repairs; drop foreign data wrapper repair_wrapper cascade",
    "a table that others refer to": f"drop table app.orgs cascade; grant select on {T} to repair_app",
    "a table under views": f"drop table {T} cascade",
    "columns": f'alter table {T} drop column price, drop column status, drop column "Q" cascade, drop serial',
    "a type under columns": "drop type app.status cascade",
    "a domain": "drop domain app.positive cascade",
    "a sequence": "drop sequence app.numbers cascade",
    "types that nothing uses": 'drop type app.span, app."Pair, of"; drop collation app.bytes',
    "functions": "drop function app.touch() cascade; drop function app.mine(text, text) cascade",
    "a function's arguments": """drop function app.named(text);
        create function app.named(x text default '') returns text language sql immutable as 'select $1'""",
    "a function's result": """alter table app.orgs alter name drop not null; drop function app.mine(text, text) cascade;
        create function app.mine(who text, other text) returns text language sql as 'select 1'""",
    "keys": f"alter table {T} drop constraint once, drop constraint apart, drop constraint positive",
    "the key that others refer to": "alter table app.orgs drop constraint orgs_pkey cascade",
    "another key": f"alter table {T} drop constraint once, add constraint once unique (number)",
    "another check": f"alter table {T} drop constraint positive, add constraint positive check (amount > 1)",
    "the foreign key's action": f"""alter table {T} drop constraint "Odd table_org_fkey",
        add foreign key (org) references app.orgs on delete set null""",
    "indexes": 'drop index app."by who"; drop index app.totals_org',
    "another index": f'drop index app."by who"; create index "by who" on {T} (org)',
    "a type under a view, a trigger and a policy": f"""alter table {T} drop double; drop view app.open cascade;
        drop materialized view app.totals; drop trigger touching on {T}; drop policy never on {T};
        alter table {T} drop constraint positive, alter amount drop default, alter amount type text;
        alter table {T} alter amount set default '0'""",
    "a column that is computed no more": f"alter table {T} alter double drop expression",
    "other columns of a view": """drop view app.open cascade; create view app.open as select 1 as other;
        create view app.more as select other from app.open""",
    "another query of a materialised view": """drop materialized view app.totals;
        create materialized view app.totals as select 1 as org""",
    "a trigger": f"drop trigger touching on {T}",
    "another trigger": f"""drop trigger touching on {T};
        create trigger touching after insert on {T} execute function app.touch()""",
    "policies and security": f"""drop policy mine on {T}; drop policy never on {T};
        create policy never on {T} for select to repair_app using (true);
        alter table {T} disable row level security, no force row level security""",
    "a rule": "drop rule quiet on app.orgs",
    "another rule": "create or replace rule quiet as on update to app.orgs do also nothing",
    "a partition": "drop table app.events_1",
    "a partition that is detached": "alter table app.events detach partition app.events_1",
    "a publication's tables": "alter publication repairs drop table app.orgs, app.events; "
    "alter publication repairs add table app.events; alter publication repairs set (publish = 'delete')",
    "a publication": "drop publication repairs",
    "text search": "drop text search configuration app.search; drop text search dictionary app.words cascade",
    "operators and casts": "drop operator app.=== (app.status, app.status); drop cast (app.status as int)",
    "foreign data": "drop server repair_server cascade",
    "statistics": 'drop statistics app.both; create statistics app.both (mcv) on org, price from app."Odd table"',
    "a label of an enum": "alter type app.mood rename value 'calm' to 'glad'",
    "labels that nobody wants": "alter type app.mood add value 'mad' before 'ok'; drop view app.feeling",
    "grants": f"""grant all on {T} to public; revoke update (who) on {T} from repair_app;
        grant insert ("Q") on {T} to public;
        grant execute on function app.mine(text, text) to public; revoke usage on schema app from repair_app""",
    "owners and comments": """alter table app.orgs owner to current_user; comment on table app.orgs is 'ours';
        comment on column app.open.who is null; alter function app.touch() owner to repair_app""",
    "extras": f"""create table app.extra (id int primary key, org int references app.orgs);
        create view app.extra_view as select * from app.extra; create index extra_index on app.orgs (name);
        create policy extra on {T} using (true);
        alter table app.orgs add extra int; create function app.extra() returns int language sql as 'select 1';
        create type app.extra_type as enum ();
        create trigger extra after insert on app.orgs execute function app.touch()""",
}


# Those that do not meddle with each other are mended together: each plan is made of a whole contract.
TOGETHER = (
    ("nothing",),
    ("all of it",),
    ("a table that others refer to", "a sequence", "another query of a materialised view"),
    ("a table under views", "types that nothing uses"),
    ("columns", "labels that nobody wants", "a rule", "a partition", "operators and casts"),
    ("a type under columns", "a publication", "text search"),
    ("a domain", "functions", "a function's arguments", "foreign data"),
    ("a function's result", "keys", "statistics"),
    ("the key that others refer to", "indexes", "a trigger", "a publication's tables"),
    ("another key", "another check", "another index", "another trigger", "the foreign key's action"),
    ("a type under a view, a trigger and a policy",),
    ("a column that is computed no more", "a partition that is detached", "another rule"),
    ("other columns of a view", "policies and security"),
    ("grants", "owners and comments", "a label of an enum"),
    ("extras",),
)


def test_every_drift_is_mended() -> None:
    assert sorted(drift for together in TOGETHER for drift in together) == sorted(DRIFTS)


@pytest.mark.parametrize("drifts", TOGETHER, ids=" and ".join)
def test_it_is_made_as_it_was(
    drifts: Sequence[str], mend: Mend, before: Catalog, unequal: Callable[[Catalog, Catalog], list[str]]
) -> None:
    """The inventory says all of it: what was broken is mended, to the letter, by statements that may be run twice."""
    mended = mend(";".join(DRIFTS[drift] for drift in drifts))
    assert not mended.plan.unresolved
    assert not mended.left
    assert not unequal(before, mended.after)
    assert bool(mended.plan.steps) is (drifts != ("nothing",))


KEPT = "create table app.kept (id int, word varchar(5), at timestamptz, amount numeric(10, 4), number bigint);"
HAZARDS: list[tuple[str, list[Expectation], str, str]] = [
    ("longer words", [ColumnType("kept", "word", "varchar(9)")], "type character varying(9);", "rewrites the table"),
    ("shorter ones are refused", [ColumnType("kept", "word", "varchar(3)")], "(3);", "rewrites the table"),
    ("digits are cut off", [ColumnType("kept", "amount", "numeric(10,2)")], "type numeric(10,2);", "data loss"),
    ("more digits", [ColumnType("kept", "amount", "numeric(12,6)")], "type numeric(12,6);", "rewrites the table"),
    ("a time of day", [ColumnType("kept", "at", "date")], "type date", "data loss"),
    ("smaller numbers", [ColumnType("kept", "number", "int")], "type integer;", "rewrites the table"),
    ("rows are read", [ColumnNotNull("kept", "word")], "set not null;", "blocks writes"),
    ("each row a value", [ColumnType("kept", "new", "uuid"), ColumnDefault("kept", "new", "gen_random_uuid()")],
     "add column if not exists new uuid default gen_random_uuid();", "rewrites the table"),
    ("all rows one", [ColumnType("kept", "new", "int"), ColumnDefault("kept", "new", "1")], "default 1;", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("expectations", "sql", "hazard"), [pytest.param(*case[1:], id=case[0]) for case in HAZARDS])
def test_each_statement_says_what_it_may_cost(
    expectations: list[Expectation], sql: str, hazard: str, mend: Mend
) -> None:
    mended = mend(KEPT, Suite("s", expectations, schema="app"))
    (step,) = [step for step in mended.plan.steps if sql in step.sql]
    assert step.hazard == hazard
    assert not mended.left


UNSAID: list[tuple[Expectation, str]] = [
    (FunctionPresent("f(int)", language="sql", returns="int", body="select n"), "what the arguments are called"),
    (FunctionPresent("f()", returns="int", body="select 1"), "does not say the language"),
    (FunctionPresent("f()", returns="int", language="sql"), "does not say the body"),
    (TriggerPresent("orgs", "t", function="touch()", events="INSERT"), "the timing and level of the trigger"),
    (TriggerPresent("orgs", "t", function="no()", timing="AFTER", events="INSERT", level="ROW"), "app.no is missing"),
    (PolicyPresent("orgs", "p", command="SELECT", roles="public"), "does not say the expression"),
    (PolicyPresent("orgs", "p", using="true"), "the command and the roles of the policy"),
    (ColumnExists("orgs", "new"), "does not say the type of app.orgs.new"),
    (ViewExists("new_view"), "does not say what app.new_view selects"),
    (TypeExists("new_type"), "does not say what the type app.new_type is"),
    (EnumLabels("status", ["open"]), "make the type anew by hand"),
    (PartitionOf("new_part", "events"), "which rows the partition app.new_part holds"),
    (CheckConstraint("orgs", "nme <> ''"), 'column "nme" does not exist'),
]


@pytest.mark.parametrize(("expectation", "why"), UNSAID, ids=lambda value: repr(value) if value is not str else "")
def test_nothing_is_guessed(expectation: Expectation, why: str, mend: Mend) -> None:
    """What cannot be derived is said, and no statement comes of it."""
    mended = mend("", Suite("s", [expectation], schema="app"))
    assert mended.plan.steps == ()
    assert why in "\n".join(mended.plan.unresolved)


def test_large_tables_are_read_after_the_transaction(mend: Mend) -> None:
    """NOT NULL by a check that was validated; what the plan itself makes is empty, and needs none of that."""
    known = [ColumnNotNull("orgs", "name"), CheckConstraint("orgs", "id > 0", name="k"), IndexPresent("orgs", "name")]
    new = [
        TableExists("new"),
        ColumnType("new", "id", "int"),
        CheckConstraint("new", "id > 0"),
        IndexPresent("new", "id"),
    ]
    mended = mend(
        "alter table app.orgs alter name drop not null; alter table app.orgs drop constraint orgs_name_key",
        Suite("s", [*known, *new], schema="app"),
        online=True,
    )
    assert [step.sql for step in mended.plan.steps if not step.transactional] == [
        "alter table app.orgs drop constraint if exists orgs_name_not_null;",
        "alter table app.orgs add constraint orgs_name_not_null check (name is not null) not valid;",
        "alter table app.orgs validate constraint orgs_name_not_null;",
        "alter table app.orgs alter column name set not null;",
        "alter table app.orgs drop constraint if exists orgs_name_not_null;",
        "alter table app.orgs validate constraint k;",
    ]
    assert all(step.hazard == "none" for step in mended.plan.steps if " app.new " in step.sql)
    assert not mended.left


def test_what_need_not_hold_for_the_rows_that_are_there_is_left_so_on_what_is_made(mend: Mend) -> None:
    """A constraint that the contract takes unvalidated is made NOT VALID on a new table too; others hold at once."""
    new = [TableExists("new"), ColumnType("new", "id", "int")]
    late = CheckConstraint("new", "id > 0", name="late", validated=False)
    mended = mend("", Suite("s", [*new, late, CheckConstraint("new", "id > 1", name="now")], schema="app"))
    made = mended.after.relations["app.new"].constraints
    assert {name: made[name].validated for name in ("late", "now")} == {"late": False, "now": True}
    assert not mended.left


def test_a_policy_on_what_is_made_finds_bare_names(mend: Mend) -> None:
    """What nobody could be asked about runs where its author's bare names are found."""
    new = [TableExists("new"), ColumnType("new", "id", "int"), ColumnType("new", "state", "status")]
    policy = PolicyPresent("new", "p", command="SELECT", roles="public", using="state = 'open' and named('x') = 'x'")
    mended = mend("", Suite("s", [*new, policy], schema="app"))
    assert not mended.left
    assert not mended.plan.unresolved


def test_what_nobody_named_is_called_as_postgres_would(mend: Mend) -> None:
    """A closed world may count on it: a check is called after its one column, and no name is cut before it must be."""
    drift = "create table app.plain_and_long_but_not_too_long (a_column_of_some_length int, b int)"
    name = "plain_and_long_but_not_too_long"
    stated = [
        CheckConstraint(name, "a_column_of_some_length > 0"),
        CheckConstraint(name, "a_column_of_some_length > b"),
        UniqueConstraint(name, ["a_column_of_some_length", "b"]),
    ]
    names = [
        "plain_and_long_but_not_too_long_a_column_of_some_length_check",
        "plain_and_long_but_not_too_long_check",
        "plain_and_long_but_not_too_long_a_column_of_some_length_b_key",
    ]
    closed = ObjectsAre("constraint", names, of=name)
    assert mend(drift, Suite("s", [*stated, closed], schema="app")).left == []
