"""What is dropped between the moment that a read sees and the moment that it asks for a definition."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest

from pgcontract.catalog import snapshot
from pgcontract.catalog.sql import query
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog

Connection: TypeAlias = psycopg.Connection[Any]

SETUP = """
create table kept (id int primary key);
create table lost (id int default 1 + 1, a text check (a > ''), at date) partition by range (at);
create table lost_1 partition of lost for values from ('2020-01-01') to ('2021-01-01');
create table plain (id int default 2 + 2, a text constraint c check (a > ''), b int);
create index by_a on plain (lower(a));
create policy p on plain using (id > 0);
create function touched() returns trigger language plpgsql as 'begin return new; end';
create function counted(a int default 3) returns int language sql as 'select 1';
create trigger t before update on plain for each row when (new.id > 0) execute function touched();
create rule r as on delete to plain do instead nothing;
create view seen as select id from kept;
create statistics s (ndistinct) on id, b from plain;
create domain d as int check (value > 0);
"""

# What is dropped, and whether it is still there.
DROPS: dict[str, Callable[[Catalog], bool]] = {
    "drop table lost": lambda catalog: "public.lost" in catalog.relations,
    "drop table plain": lambda catalog: "public.plain" in catalog.relations,
    "drop index by_a": lambda catalog: "by_a" in catalog.relations["public.plain"].indexes,
    "drop policy p on plain": lambda catalog: "p" in catalog.relations["public.plain"].policies,
    "drop trigger t on plain": lambda catalog: "t" in catalog.relations["public.plain"].triggers,
    "drop rule r on plain": lambda catalog: "public.plain.r" in catalog.rules,
    "drop view seen": lambda catalog: "public.seen" in catalog.views,
    "drop statistics s": lambda catalog: "public.s" in catalog.statistics,
    "drop domain d": lambda catalog: "public.d" in catalog.types,
    "drop function counted(int)": lambda catalog: "public.counted(integer)" in catalog.functions,
    "alter table plain drop constraint c": lambda catalog: "c" in catalog.relations["public.plain"].constraints,
    "alter table plain alter id drop default": lambda catalog: (
        catalog.relations["public.plain"].columns["id"].default is not None
    ),
}


TRANSACTION = snapshot._transaction  # noqa: SLF001 - to count the reads


class Dropper:
    """Drops something when a read has taken its snapshot and has not asked for definitions yet."""

    def __init__(self, reader: Connection, other: Connection, drops: list[str]) -> None:
        self.reader = reader
        self.other = other
        self.drops = drops
        self.reads = 0
        self.dropped = False

    def transaction(self, connection: Connection) -> Any:
        """A read's transaction."""
        self.reads += 1
        self.dropped = False
        return TRANSACTION(connection)

    def query(self, noun: str, version: int, unread: frozenset[str] = frozenset()) -> str:
        """The reader's query; that of the column defaults is the first with definitions."""
        if noun == "column_defaults" and self.drops and not self.dropped:
            self.dropped = True
            self._wait()
            self.other.execute(self.drops.pop(0).encode())
        return query(noun, version, unread)

    def _wait(self) -> None:
        """Until the reader's transaction sees a moment that has passed."""
        pid, until = self.reader.info.backend_pid, time.monotonic() + 60
        seen = "select backend_xmin is not null or backend_xid is not null from pg_stat_activity where pid = %s"
        while self.other.execute(seen, [pid]).fetchone() != (True,):
            assert time.monotonic() < until, "the reader has no snapshot"
            time.sleep(0.005)


@pytest.fixture
def dropper(database: str, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Dropper]:
    def make(*drops: str) -> Dropper:
        connection.execute(SETUP.encode())
        snapshot.read(connection)  # so that the queries are at hand
        made = Dropper(connection, psycopg.connect(database, autocommit=True), list(drops))
        monkeypatch.setattr(snapshot, "query", made.query)
        monkeypatch.setattr(snapshot, "_transaction", made.transaction)
        return made

    return make


@pytest.mark.parametrize("drop", DROPS)
def test_what_is_dropped_meanwhile_is_read_again(dropper: Callable[..., Dropper], drop: str) -> None:
    """Whole, from before or after; where its definition was needed, from after."""
    one = dropper(drop)
    with one.other:
        catalog = snapshot.read(one.reader)
    assert one.drops == []
    assert one.reads == (1 if DROPS[drop](catalog) else 2)
    if one.reads == 1:
        whole(catalog)
    assert not DROPS[drop](snapshot.read(one.reader))


def whole(catalog: Catalog) -> None:
    """Nothing of what was dropped is there without its definition."""
    plain = catalog.relations["public.plain"]
    assert plain.columns["id"].default == "(2 + 2)"
    assert plain.constraints["c"].expression == "(a > ''::text)"
    assert plain.indexes["by_a"].columns == ("lower(a)",)
    assert plain.policies["p"].using == "(id > 0)"
    assert plain.triggers["t"].when == "(new.id > 0)"
    assert catalog.rules["public.plain.r"].definition
    assert catalog.views["public.seen"].definition
    assert catalog.functions["public.counted(integer)"].arguments[0].default
    assert catalog.types["public.d"].checks


def test_twice_is_told(dropper: Callable[..., Dropper]) -> None:
    one = dropper("drop index by_a", "drop trigger t on plain")
    with one.other, pytest.raises(DatabaseError, match="the schema changed while it was read") as caught:
        snapshot.read(one.reader)
    assert caught.value.hint == "Try again when migrations have ended."
    assert one.reads == 2
    assert snapshot.read(one.reader).relations["public.plain"].columns
