"""What has another name gets the contract's back, and keeps what it holds; what is a guess is only done on leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from pgcontract import ColumnsAre, ColumnType, EnumLabels, ObjectsAre, Suite, TablesAre, UniqueConstraint
from pgcontract.catalog.snapshot import read
from pgcontract.lifecycle.inventory import inventory
from pgcontract.repair.applying import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite as SuiteType
    from pgcontract.verdict import Hazard

    from .conftest import Mend

pytestmark = pytest.mark.pg(">= 15")  # whose SQL the setup speaks

SETUP = """
create schema club;
create role renames_member;
create type club.rank as enum ('novice', 'master', 'elder');
create type club.place as (street text, town text);
create sequence club.tickets start 7;
create collation club.bytes (provider = libc, locale = 'C');
create function club.mine(who text) returns boolean language sql stable as $$ select who = current_user $$;
create function club.touch() returns trigger language plpgsql as 'begin return new; end';
create table club.members (
    id int generated always as identity primary key,
    email text not null unique,
    nick text,
    motto text,
    rank club.rank not null default 'novice',
    home club.place,
    parent int references club.members,
    check (length(nick) < 40)
);
create table club.visits (
    id serial primary key,
    member int not null references club.members on delete cascade,
    ticket bigint default nextval('club.tickets'),
    at timestamptz not null
);
create index novices on club.members (id) where rank <> 'master';
create index visits_at on club.visits (at desc) where member > 0;
create table club.plain (a int, b text);
create table club.years (y int not null, v text) partition by list (y);
create table club.years_1 partition of club.years for values in (1);
create view club.known as select m.email, count(v.id) as visits
    from club.members as m left join club.visits as v on v.member = m.id group by m.email;
create materialized view club.totals as select members.rank, count(*) as n from club.members group by 1;
create unique index on club.totals (rank);
create statistics club.both on email, nick from club.members;
create rule quiet as on delete to club.visits where old.id < 0 do instead nothing;
create trigger touching before update of nick on club.members for each row when (old.nick <> new.nick)
    execute function club.touch();
alter table club.members enable row level security;
create policy nobody on club.members for insert to renames_member;
create policy own on club.members for select to renames_member using (club.mine(email) or parent in
    (select members_1.id from club.members members_1 where club.mine(members_1.nick)));
comment on column club.members.nick is 'as others call them';
grant select (email) on club.members to renames_member;
"""


class Drift(NamedTuple):
    """What goes astray, and how each statement of the plan begins or what is in it, in order; nothing else runs."""

    sql: str
    statements: tuple[str, ...]
    guess: bool = False


SURE = {
    "a table, its key tells": Drift(
        "alter table club.members rename to persons", ("alter table if exists club.persons rename to members;",)
    ),
    "a table and what hangs on it": Drift(
        "alter table club.members rename to persons; alter policy own on club.persons rename to o;"
        " alter table club.persons rename constraint members_email_key to e",
        (
            "alter table if exists club.persons rename to members;",
            "rename constraint e to members_email_key;",
            "alter policy o on club.members rename to own;",
        ),
    ),
    "two tables": Drift(
        "alter table club.members rename to persons; alter table club.visits rename to calls",
        ("alter table if exists club.persons rename to members;", "alter table if exists club.calls rename to visits;"),
    ),
    "a partition, its bound tells": Drift(
        "alter table club.years_1 rename to y1", ("alter table if exists club.y1 rename to years_1;",)
    ),
    "a column, its key tells": Drift(
        "alter table club.members rename column email to mail", ("rename column mail to email;",)
    ),
    "a key that others refer to": Drift(
        "alter table club.members rename constraint members_pkey to m", ("rename constraint m to members_pkey;",)
    ),
    "a foreign key and a check": Drift(
        "alter table club.members rename constraint members_parent_fkey to f;"
        " alter table club.members rename constraint members_nick_check to c",
        ("rename constraint", "rename constraint"),
    ),
    "an index": Drift("alter index club.visits_at rename to v", ("alter index if exists club.v rename to visits_at;",)),
    "a policy": Drift(
        "alter policy own on club.members rename to o; alter policy nobody on club.members rename to n",
        ("alter policy o on club.members rename to own;", "alter policy n on club.members rename to nobody;"),
    ),
    "a trigger": Drift("alter trigger touching on club.members rename to t", ("alter trigger t on club.members",)),
    "a rule": Drift("alter rule quiet on club.visits rename to q", ("alter rule q on club.visits rename to quiet;",)),
    "a function in a policy": Drift(
        "alter function club.mine(text) rename to m", ("alter routine club.m(text) rename to mine;",)
    ),
    "a view": Drift("alter view club.known rename to k", ("alter view if exists club.k rename to known;",)),
    "a materialised view": Drift(
        "alter materialized view club.totals rename to t", ("alter materialized view if exists club.t",)
    ),
    "a type of a column": Drift("alter type club.rank rename to r", ("alter type club.r rename to rank;",)),
    "a sequence that a column draws from": Drift(
        "alter sequence club.tickets rename to t", ("alter sequence if exists club.t rename to tickets;",)
    ),
    "a column's own sequence": Drift(
        "alter sequence club.visits_id_seq rename to s", ("alter sequence if exists club.s rename to visits_id_seq;",)
    ),
    "a collation": Drift("alter collation club.bytes rename to b", ("alter collation club.b rename to bytes;",)),
    "statistics": Drift("alter statistics club.both rename to b", ("alter statistics club.b rename to",)),
}

GUESSES = {
    "a column": Drift("alter table club.members rename column nick to name", ("rename column name to nick;",), True),
    "a table without a key": Drift("alter table club.plain rename to p", ("alter table if exists club.p",), True),
    "a label": Drift("alter type club.rank rename value 'master' to 'adept'", ("value 'adept' to 'master';",), True),
    "an attribute": Drift("alter type club.place rename attribute town to city", ("attribute city to town",), True),
}


TOGETHER = [
    ("a table, its key tells", "an index", "statistics", "a collation", "a partition, its bound tells"),
    ("a table and what hangs on it", "a column's own sequence", "a materialised view"),
    ("two tables", "a type of a column"),
    ("a column, its key tells", "a rule", "a sequence that a column draws from"),
    ("a key that others refer to", "a policy", "a trigger", "a view"),
    ("a foreign key and a check", "a function in a policy"),
    tuple(GUESSES),
]


def test_every_drift_is_mended() -> None:
    """None of them is left out."""
    assert sorted(name for names in TOGETHER for name in names) == sorted({**SURE, **GUESSES})


@pytest.mark.parametrize("names", TOGETHER, ids=", ".join)
def test_what_has_another_name_gets_it_back(
    names: Sequence[str], mend: Mend, before: Catalog, unequal: Callable[[Catalog, Catalog], list[str]]
) -> None:
    """By those statements alone, which may be run again, and unasked where it is sure; and all is as it was."""
    drifts = [{**SURE, **GUESSES}[name] for name in names]
    expected = [statement for drift in drifts for statement in drift.statements]
    done = mend("; ".join(drift.sql for drift in drifts), allow=["renames"] if drifts[0].guess else [])
    assert [step.hazard for step in done.plan.steps] == ["renames" if drifts[0].guess else "none"] * len(expected)
    assert all(said in done.sql for said in expected), done.sql
    assert all(step.note for step in done.plan.steps)
    assert done.plan.unresolved == ()
    assert (done.left, unequal(before, done.after)) == ([], [])


def test_a_column_of_another_type_is_renamed_only_on_leave(mend: Mend) -> None:
    """That its key is called after it is then no proof; with leave it is renamed, and gets the type back."""
    drift = (
        "drop view club.known; drop policy own on club.members; alter table club.members rename column email to mail;"
        " alter table club.members alter column mail type varchar(90);"
        " revoke select (mail) on club.members from renames_member"
    )
    assert "rename column" not in mend(drift).sql
    done = mend(drift, allow=["renames"])
    assert "rename column mail to email;" in done.plan.steps[0].sql
    assert "drop column" not in done.sql
    assert done.left == []


@pytest.mark.parametrize("name", ["a column", "a table without a key", "a label"])
def test_a_guess_is_told_and_not_taken(name: str, mend: Mend) -> None:
    """The plan makes anew what is missing, and says beside it what would keep what is there."""
    made = mend(GUESSES[name].sql).plan
    assert "rename" not in " ".join(step.sql for step in made.steps if step.hazard != "none")
    notes = {step.note for step in made.steps if step.note} | {each for each in made.unresolved if "--allow" in each}
    assert all("under another name: --allow renames" in note for note in notes)
    assert 1 <= len(notes) <= 2


UNSURE = {
    "two of a type": "alter table club.members rename column nick to a;"
    " alter table club.members rename column motto to b",
    "two that fit": "alter table club.members rename column nick to a; alter table club.members add column b text",
    "of another type": "alter table club.plain rename column b to c;"
    " alter table club.plain alter column c type varchar",
    "of other columns": "alter table club.plain rename to p; alter table club.p add column c int",
    "another function": "drop function club.touch() cascade;"
    " create function club.t() returns trigger language plpgsql as 'begin return old; end'",
    "one of several": "alter function club.mine(text) rename to m;"
    " create function club.m(int) returns boolean language sql as 'select true'",
}


@pytest.mark.parametrize("sql", UNSURE.values(), ids=UNSURE)
def test_what_is_not_alike_or_fits_twice_is_not_renamed(sql: str, mend: Mend) -> None:
    """Not even where guesses are allowed: what is missing is made, and what is too much dropped."""
    done = mend(sql, allow=["renames"])
    assert "rename" not in done.sql
    assert done.left == []


def test_rows_are_kept(clone: Callable[[str | None], str]) -> None:
    """A table and a column come back with what they held; without leave for it, nothing at all is done."""
    with psycopg.connect(clone(None), autocommit=True) as connection:
        connection.execute("create table notes (id int primary key, title text, body text)")
        suite = inventory(read(connection))
        connection.execute("insert into notes values (1, 'a', 'b')")
        connection.execute("alter table notes rename to memos")
        connection.execute("alter table memos rename column body to words")
        assert not apply(suite, connection).committed
        assert apply(suite, connection, allow=["renames"]).committed
        assert connection.execute("select id, title, body from notes").fetchall() == [(1, "a", "b")]


CONTRACTS: dict[str, tuple[SuiteType, str, tuple[Hazard, ...]]] = {
    "a table by its columns alone": (
        Suite(
            "s",
            [TablesAre(["people"], in_schema="public"), ColumnsAre("people", ["a"]), ColumnType("people", "a", "int")],
        ),
        "create table public.persons (a integer primary key)",
        ("renames",),
    ),
    "a table by its key": (
        Suite(
            "s",
            [TablesAre(["people"], in_schema="public"), ColumnsAre("people", ["a"]), ColumnType("people", "a", "int")],
        ),
        "create table public.people (a int primary key); alter table public.people rename to persons",
        (),
    ),
    "a key, in a world of keys alone": (
        Suite(
            "s", [ObjectsAre("unique constraint", ["by_a"], of="people"), UniqueConstraint("people", "a", name="by_a")]
        ),
        "create table public.people (a int constraint by_b unique)",
        (),
    ),
    "a label": (
        Suite("s", [EnumLabels("mood", ["sad", "glad"])]),
        "create type public.mood as enum ('sad', 'happy')",
        ("renames",),
    ),
}


def test_what_the_contract_speaks_of_keeps_its_name(mend: Mend) -> None:
    """Though a closed world does not name it: whoever wrote of it meant it to be there."""
    people, sql, _ = CONTRACTS["a table by its key"]
    suite = people + Suite("s", [ColumnType("persons", "a", "int")])
    assert "rename" not in mend(sql, suite, allow=["renames"]).sql


@pytest.mark.parametrize("name", CONTRACTS)
def test_contracts_written_by_hand_are_understood(name: str, mend: Mend) -> None:
    """With the types as their authors write them, and no word on keys."""
    suite, sql, allow = CONTRACTS[name]
    done = mend(sql, suite, allow=allow)
    assert [" rename " in step.sql for step in done.plan.steps] == [True]
    assert done.left == []
