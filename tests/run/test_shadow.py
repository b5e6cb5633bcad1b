"""A shadow is the database without its rows; what reaches outside does nothing there, and what is lost is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import FunctionCallable, RlsBlocksAnon, RowCount, Suite, TableExists, verify
from pgcontract.catalog.snapshot import read
from pgcontract.contract.session import OutOfReach
from pgcontract.errors import DatabaseError
from pgcontract.run.shadow import copy, dump, shadowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.relations import Relation

pytestmark = [pytest.mark.pg(">= 15"), pytest.mark.extension("dblink", "postgres_fdw", "file_fdw", "citext")]

SQL = """
create role pgcontract_shadow_owner bypassrls;
create role pgcontract_shadow_user;
grant pgcontract_shadow_user to pgcontract_shadow_owner;
create extension dblink;
create extension postgres_fdw;
create extension file_fdw;
create schema ext;
create extension citext schema ext;
create table notes (id bigserial primary key, body text, level int not null default 1 check (level > 0));
alter table notes owner to pgcontract_shadow_owner;
alter table notes enable row level security;
create policy own on notes to pgcontract_shadow_user using (body = current_user);
grant select, insert on notes to pgcontract_shadow_user;
create table "Odd ""one" (id int primary key, "b%c" text);
create table mails (address ext.citext primary key);
create table senders (id int primary key, address text);
create function fold(what text) returns ext.citext language sql as 'select what::ext.citext';
create function folded(what text) returns text language plpgsql as 'begin return ext.citext_eq(what, what); end';
create table told (id int primary key, what text);
create table heard (what text);
create function hook() returns trigger language plpgsql as $$
begin
    perform dblink_exec('host=elsewhere', 'select 1');
    insert into heard values ('kept');
    return new;
end $$;
create function file() returns trigger language plpgsql as $$ begin perform pg_read_file('x'); return new; end $$;
create trigger hook after insert on told for each row execute function hook();
create trigger file before insert on told for each row execute function file();
create function read_file(name text default 'postgresql.conf') returns text language sql as 'select pg_read_file(name)';
create server elsewhere foreign data wrapper postgres_fdw options (host 'elsewhere');
create user mapping for public server elsewhere options (user 'x', password 'secret');
create foreign table far (id int not null, name text) server elsewhere;
create view over_far as select id from far;
create function plain(a int) returns int language sql as 'select a + 1';
insert into notes (body) values ('mine');
"""


@pytest.fixture(scope="module")
def url(server: Any, fresh_name: Callable[[], str]) -> Iterator[str]:
    name = fresh_name()
    made = server.create_database(name)
    with psycopg.connect(made, autocommit=True) as connection:
        connection.execute(SQL.encode())
    yield made
    server.drop_database(name)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("drop role pgcontract_shadow_owner, pgcontract_shadow_user")


@pytest.fixture
def connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as opened:
        yield opened


@pytest.fixture
def without_citext(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = copy.offered
    monkeypatch.setattr(copy, "offered", lambda connection: offered(connection) - {"citext"})


def grants(relation: Relation) -> set[tuple[str, str]]:
    """Who may do what; MAINTAIN came with version 17, and a shadow's owners have it."""
    return {(grant.grantee, grant.privilege) for grant in relation.grants} - {(relation.owner, "MAINTAIN")}


def test_the_copy_is_the_schema_with_its_rights_and_without_its_rows(connection: psycopg.Connection[Any]) -> None:
    original = read(connection)
    with shadowed(connection, original) as session:
        for name, relation in original.relations.items():
            there = session.catalog.relations[name]
            assert (there.columns, there.policies, there.rls_enabled, there.owner, grants(there)) == (
                relation.columns,
                relation.policies,
                relation.rls_enabled,
                relation.owner,
                grants(relation),
            )
        role = session.catalog.roles["pgcontract_shadow_owner"]
        assert (role.bypass_rls, role.superuser, role.member_of) == (
            True, False, original.roles["pgcontract_shadow_owner"].member_of
        )  # fmt: skip
        assert session.rows("select 1 from public.notes") == []
        assert session.rows("select current_database()") == [(original.server.name,)]
        assert session.catalog.server.user == original.server.user


def test_a_table_that_tells_the_world_is_probed_and_tells_nobody(connection: psycopg.Connection[Any]) -> None:
    with shadowed(connection, read(connection)) as session:
        assert session.rows("insert into public.told values (1, 'x') returning id") == [(1,)]
        assert session.rows("select what from public.heard") == [("kept",)]


@pytest.mark.parametrize(
    "statement",
    ["select public.read_file()", "select * from public.far", "select * from public.over_far", "select dblink('x')"],
)
def test_what_only_stands_in_tells_nothing_itself(connection: psycopg.Connection[Any], statement: str) -> None:
    with shadowed(connection, read(connection)) as session, pytest.raises(OutOfReach, match="in the shadow"):
        session.rows(statement)


@pytest.mark.usefixtures("without_citext")
def test_what_is_lost_is_said_and_makes_inconclusive_what_needs_it(
    connection: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    with shadowed(connection, read(connection)) as session:
        assert session.absent["public.mails"] == 'public.mails could not be copied: type "ext.citext" does not exist'
        with pytest.raises(OutOfReach, match="could not be copied into the shadow"):
            session.rows("select public.folded('x')")
        assert session.rows("select public.plain(1)") == [(2,)]
    assert "the shadow is not whole: the extension citext is not to be had for a private server" in caplog.messages


@pytest.mark.usefixtures("without_citext")
def test_a_run_reads_here_and_probes_there(url: str) -> None:
    suite = Suite(
        "shadow",
        [
            TableExists("mails"),
            RowCount("notes", exactly=1),
            FunctionCallable("plain(int)"),
            FunctionCallable("fold(text)"),
            FunctionCallable("gone()"),
            RlsBlocksAnon("mails", role="pgcontract_shadow_user"),
        ],
    )
    report = verify(suite, url, probes="shadow")
    assert [one.status for one in report.outcomes if not one.implied] == [
        "passed", "passed", "passed", "skipped", "skipped", "skipped",
    ]  # fmt: skip
    assert "could not be copied" in str(report.outcomes[3].reason), [one.reason for one in report.outcomes]
    assert [one.subject for one in report.outcomes if one.implied] == ["public.gone()"]


def test_what_is_not_committed_has_no_shadow(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table not_yet (id int)")
        with pytest.raises(DatabaseError, match="in a transaction"), shadowed(connection, read(connection)):
            pass


def test_a_server_newer_than_every_pg_dump_has_no_shadow(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "_major", lambda _program: 9)
    with (
        psycopg.connect(url, autocommit=True) as connection,
        pytest.raises(DatabaseError, match=r"there is no pg_dump of version \d+ or later"),
        shadowed(connection, read(connection)),
    ):
        pass
