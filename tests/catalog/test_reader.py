"""How the reader reads: round trips, transactions, settings, and a schema that changes meanwhile."""

from __future__ import annotations

import gc
import re
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from pgcontract.catalog import snapshot
from pgcontract.catalog.sql import FOLLOW_UPS, NOUNS, query
from pgcontract.catalog.stream import Stream
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgcontract.catalog.catalog import Catalog

Connection = psycopg.Connection[Any]


def test_queries_are_understood_whatever_the_encoding_is() -> None:
    """A server of LATIN1 refuses a whole query for one character that it has not, be it in a comment."""
    for file in (Path(snapshot.__file__).parent / "sql").glob("*.sql"):
        assert file.read_text("utf-8").isascii(), file


def _messages(connection: Connection, path: Path) -> dict[str, int]:
    """What a read sends, by the kind of message."""
    with path.open("w") as file:
        connection.pgconn.trace(file.fileno())
        snapshot.read(connection)
        connection.pgconn.untrace()
    kinds = [line.split("\t")[1:4] for line in path.read_text().splitlines() if "\t" in line]
    sent = [kind[2] for kind in kinds if kind[0] == "F"]
    return {kind: sent.count(kind) for kind in set(sent)}


def test_round_trips_do_not_grow_with_the_schema(connection: Connection, tmp_path: Path) -> None:
    snapshot.read(connection)
    before = _messages(connection, tmp_path / "before")
    for k in range(40):
        connection.execute(
            f"create table t{k} (id int primary key, a text check (a > ''), b int references t{k})".encode()
        )
    after = _messages(connection, tmp_path / "after")
    assert after == before, (before, after)
    # One statement a noun, the transaction's two, and its end. The client waits after a Flush, a Sync and a Query.
    assert after["Parse"] <= len(NOUNS) + len(FOLLOW_UPS) + 3
    assert (after["Flush"], after["Sync"], after.get("Query", 0)) == (1, 1, 0)


def test_it_is_read_only_and_leaves_nothing_behind(connection: Connection) -> None:
    seen = []
    connection.execute("create table t ()")
    original = Stream.send

    def spying(stream: Stream, statement: str, values: Sequence[str] = (), *, again: bool = False) -> int:
        seen.append(statement)
        return original(stream, statement, values, again=again)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stream, "send", spying)
        snapshot.read(connection)
    assert seen[0] == "begin isolation level repeatable read read only"
    assert "set_config('search_path', '', true)" in seen[1]
    assert all(word.lstrip().startswith(("select", "--")) for word in seen[1:-1])
    assert seen[-1] == "rollback"
    assert connection.info.transaction_status == TransactionStatus.IDLE
    assert connection.autocommit


@pytest.mark.parametrize("autocommit", [True, False])
def test_autocommit_is_as_before(database: str, *, autocommit: bool) -> None:
    with psycopg.connect(database, autocommit=autocommit) as connection:
        assert snapshot.read(connection).server.name == connection.info.dbname
        assert connection.autocommit is autocommit
        assert connection.info.transaction_status == TransactionStatus.IDLE
        assert connection.execute("show search_path").fetchone() == ('"$user", public',)


def test_an_open_transaction_is_seen_and_stays_open(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("set local search_path = public")
        connection.execute("create table fresh (id int)")
        assert "public.fresh" in snapshot.read(connection).tables
        assert connection.info.transaction_status == TransactionStatus.INTRANS
        assert connection.execute("show search_path").fetchone() == ("public",)
        connection.execute("insert into fresh values (1)")
        connection.rollback()
        assert "public.fresh" not in snapshot.read(connection).tables


def test_a_failed_transaction_is_left_to_its_owner(database: str) -> None:
    with psycopg.connect(database) as connection:
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("select from nosuch")
        with pytest.raises(DatabaseError, match="a transaction that has failed"):
            snapshot.read(connection)
        assert connection.info.transaction_status == TransactionStatus.INERROR
        connection.rollback()
        assert snapshot.read(connection).schemas


def test_without_the_pipeline_it_reads_the_same(
    odd_connection: Connection, odd: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psycopg.Pipeline, "is_supported", lambda: False)
    assert snapshot.read(odd_connection) == odd


def test_an_unprivileged_role_reads_the_same(odd_connection: Connection, odd: Catalog) -> None:
    odd_connection.execute("set role odd_login")
    found = snapshot.read(odd_connection)
    assert found.relations == odd.relations
    assert found.functions == odd.functions
    assert found.roles == odd.roles
    assert found.server.user == "odd_login"


def test_what_was_dropped_meanwhile_is_never_half_read(database: str, connection: Connection) -> None:
    """The rows of a snapshot that still has the index, and a definition that is gone: never an index without keys."""
    connection.execute("create table t (a text, check (a > ''))")
    connection.execute("create index on t (lower(a))")
    with psycopg.connect(database) as other:
        other.execute("set transaction isolation level repeatable read")
        other.execute("select from pg_class")
        connection.execute("drop table t")
        with pytest.raises(DatabaseError, match="the schema changed while it was read") as caught:
            snapshot.read(other)
        assert caught.value.hint == "Try again when migrations have ended."
        assert other.info.transaction_status == TransactionStatus.INTRANS
        other.rollback()
        assert not snapshot.read(other).relations


def test_a_catalog_does_not_keep_its_connection(database: str) -> None:
    connection = psycopg.connect(database)
    connection.execute("create table t (id int primary key)")
    catalog, kept = snapshot.read(connection), weakref.ref(connection.pgconn)
    connection.close()
    del connection
    gc.collect()
    assert kept() is None
    assert catalog.tables["public.t"].primary_key is not None


def test_the_temporary_tables_of_others_are_not_missed(database: str, connection: Connection) -> None:
    connection.execute(
        "create temporary table t (a text check (a > ''), b int generated always as (length(a)) stored primary key)"
    )
    connection.execute("create index on t (lower(a)) where a > ''")
    with psycopg.connect(database) as other:
        other.execute("set transaction isolation level repeatable read")
        other.execute("select from pg_class")
        connection.execute("drop table t")
        assert not snapshot.read(other).relations


@pytest.mark.parametrize(("failures", "fine"), [(0, True), (1, True), (2, False)])
def test_a_failed_look_up_is_tried_once_more(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, failures: int, *, fine: bool
) -> None:
    original, left = query, [failures]

    def failing(noun: str, version: int, unread: frozenset[str] = frozenset()) -> str:
        if noun == "roles" and left[0]:
            left[0] -= 1
            return "select pg_catalog.pg_collation_actual_version(1)"
        return original(noun, version, unread)

    monkeypatch.setattr(snapshot, "query", failing)
    if fine:
        assert snapshot.read(connection).roles
    else:
        with pytest.raises(DatabaseError, match="the schema changed while it was read"):
            snapshot.read(connection)
    assert left == [0]
    assert connection.info.transaction_status == TransactionStatus.IDLE


CHANGING = """
create table churn (id int primary key, a text check (a > ''), g int generated always as (id + 1) stored);
create index on churn (lower(a));
create index on churn (id) where id > 0;
create policy p on churn using (id > 0);
create function churned(a int default 1) returns int return a;
create function touched() returns trigger language plpgsql as 'begin return new; end';
create trigger t before update on churn for each row when (new.id > 0) execute function touched();
alter table churn add exclude (id with =);
create type churn_mood as enum ('a');
create table churn_2 (m churn_mood default 'a');
"""


def test_a_schema_that_changes_all_the_time(database: str, connection: Connection) -> None:
    """Every read gives a whole catalog or says clearly why not."""
    stop, errors = threading.Event(), []

    def churn() -> None:
        with psycopg.connect(database, autocommit=True) as other:
            make = CHANGING
            if other.info.server_version < 140000:
                make = make.replace("returns int return a", "returns int language sql as 'select 1'")
            drop = "drop table churn, churn_2; drop function churned, touched; drop type churn_mood"
            while not stop.is_set():
                try:
                    for statement in (*make.strip().split(";\n"), *drop.split("; ")):
                        other.execute(statement.rstrip(";").encode())
                    time.sleep(0.02)
                except psycopg.Error as error:  # pragma: no cover - the test then fails below
                    errors.append(error)
                    return

    thread = threading.Thread(target=churn)
    thread.start()
    outcomes = {"read": 0, "refused": 0}
    try:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            try:
                catalog = snapshot.read(connection)
                outcomes["read"] += 1
            except DatabaseError as error:
                assert "the schema changed while it was read" in str(error)  # noqa: PT017 - one of two good outcomes
                outcomes["refused"] += 1
                continue
            _whole(catalog)
    finally:
        stop.set()
        thread.join()
    assert not errors
    assert outcomes["read"]


def _whole(catalog: Catalog) -> None:
    for relation in catalog.relations.values():
        assert all(column.type != "???" for column in relation.columns.values())
        assert all(check.expression for check in relation.having("CHECK"))
        assert all(check.definition for check in relation.having("EXCLUDE"))
        assert all(index.columns for index in relation.indexes.values())
        assert all(policy.using for policy in relation.policies.values())
        assert all(trigger.when for trigger in relation.triggers.values())
    assert all("???" not in function.types for function in catalog.functions.values())


def test_an_old_server_is_refused(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "OLDEST", 990000)
    with pytest.raises(DatabaseError, match="pgcontract reads 13 and later"):
        snapshot.read(connection)


def test_objects_of_every_schema_but_the_systems(clone: Callable[[str | None], str]) -> None:
    with psycopg.connect(clone(None), autocommit=True) as connection:
        connection.execute("create schema pgx")
        connection.execute("create table pgx.t (id int primary key)")
        connection.execute("create temporary table tt (id int)")
        found = snapshot.read(connection)
        assert set(found.relations) == {"pgx.t"}
        assert set(found.schemas) == {"pgx", "public"}
        assert [relation.name for relation in found.in_schema("pgx")] == ["pgx.t"]


_RELATION = re.compile(r"\b(?:from|join)\s+(?!(?:lateral )?(?:pg_catalog\.|\()|rows from)([a-z_\"].*)")
_CALL = re.compile(r"(?<![\w.])([a-z_]+)\(")
_SYNTAX = {"coalesce", "nullif", "array", "exists", "select", "any"}
_CAST = re.compile(r"::(?!pg_catalog\.)(\w+)")


@pytest.mark.parametrize("version", [130000, 180000])
@pytest.mark.parametrize("noun", [*NOUNS, *FOLLOW_UPS])
def test_every_name_in_our_sql_is_qualified(noun: str, version: int) -> None:
    """An empty path still finds temporary tables first, and whoever edits the SQL may forget the rest."""
    text = "\n".join(line for line in query(noun, version).splitlines() if not line.startswith("--"))
    assert _RELATION.findall(text) == []
    assert [name for name in _CALL.findall(text) if name not in _SYNTAX] == []
    assert _CAST.findall(text) == []
