"""Catalogs that a role may not read: what depends on them is errored with the privilege that is missing; only that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from pgcontract import (
    ColumnDefault,
    ColumnExists,
    ColumnType,
    CommentIs,
    ExtensionInstalled,
    FunctionPresent,
    IndexPresent,
    PolicyPresent,
    PrimaryKey,
    PrivilegeNotGranted,
    RoleExists,
    SequencePresent,
    Suite,
    TableExists,
    TablesAre,
    TriggerPresent,
    TypeExists,
    verify,
)
from pgcontract.catalog import saved
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.snapshot import read
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.verdict import Report

Connection: TypeAlias = psycopg.Connection[Any]

SETUP = """
create table notes (id int primary key, body text default 'x', owner text);
create index on notes (lower(body));
create sequence numbers;
create type mood as enum ('a');
create function touched() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before update on notes for each row execute function touched();
alter table notes enable row level security;
create policy mine on notes using (owner = current_user);
comment on table notes is 'here';
"""
SUITE = Suite(
    "all",
    [
        TableExists("notes"),
        TablesAre(["notes"]),
        ColumnExists("notes", "id"),
        ColumnType("notes", "id", "int4"),
        ColumnDefault("notes", "body", "'x'"),
        PrimaryKey("notes", "id"),
        IndexPresent("notes", "lower( body )"),
        PolicyPresent("notes", "mine", using="OWNER = CURRENT_USER"),
        TriggerPresent("notes", "touch"),
        CommentIs("table", "notes", "here"),
        FunctionPresent("touched()"),
        SequencePresent("numbers"),
        TypeExists("mood"),
        RoleExists("pgc_unread"),
        PrivilegeNotGranted("pgc_unread", "SELECT", table="notes"),
        ExtensionInstalled("plpgsql"),
    ],
)


@pytest.fixture
def hardened(database: str) -> Iterator[Callable[[str], Connection]]:
    """A connection as an ordinary role, once statements have taken something from everybody."""
    connections = []

    def harden(statements: str) -> Connection:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("select pg_catalog.pg_advisory_lock(4711)")
            connection.execute("do $$ begin create role pgc_unread; exception when duplicate_object then null; end $$")
            connection.execute(SETUP.encode())
            connection.execute(statements.encode())
        connections.append(psycopg.connect(database, autocommit=True))
        connections[-1].execute("set role pgc_unread")
        return connections[-1]

    yield harden
    for connection in connections:
        connection.close()


# What is taken away, the kinds that are then errored (None: whatever stands on relations), and what they say.
HARDENED = [
    ("select on pg_authid, pg_subscription, pg_user_mapping, pg_statistic_ext_data", set(), ""),
    ("select on pg_policy", {"PolicyPresent"}, "table pg_policy: grant SELECT ON pg_catalog.pg_policy to pgc_unread"),
    ("select on pg_trigger", {"TriggerPresent"}, "grant SELECT ON pg_catalog.pg_trigger to pgc_unread"),
    ("select on pg_sequence", {"SequencePresent"}, "grant SELECT ON pg_catalog.pg_sequence to pgc_unread"),
    ("select on pg_enum", {"TypeExists"}, "grant SELECT ON pg_catalog.pg_enum to pgc_unread"),
    ("select on pg_index", {"IndexPresent"}, "grant SELECT ON pg_catalog.pg_index to pgc_unread"),
    (
        "select on pg_roles",
        {"RoleExists", "PrivilegeNotGranted"},
        "permission denied for view pg_roles: grant SELECT ON pg_catalog.pg_roles to pgc_unread",
    ),
    (
        "select on pg_proc",
        {"FunctionPresent", "TriggerPresent", "TypeExists"},
        "permission denied for table pg_proc: grant SELECT ON pg_catalog.pg_proc to pgc_unread",
    ),
    (
        "execute on function pg_get_triggerdef(oid, boolean), pg_get_triggerdef(oid)",
        {"TriggerPresent"},
        "function pg_get_triggerdef: grant EXECUTE ON FUNCTION pg_catalog.pg_get_triggerdef to pgc_unread",
    ),
    ("select on pg_attrdef", {"ColumnDefault"}, "grant SELECT ON pg_catalog.pg_attrdef to pgc_unread"),
    ("select on pg_extension", None, "grant SELECT ON pg_catalog.pg_extension to pgc_unread"),
]


def errored(report: Report) -> dict[str, str]:
    return {outcome.kind: outcome.reason or "" for outcome in report.outcomes if outcome.status == "errored"}


@pytest.mark.parametrize(("taken", "kinds", "words"), HARDENED, ids=[one[0] for one in HARDENED])
def test_only_what_depends_on_it_is_errored(
    hardened: Callable[[str], Connection], taken: str, kinds: set[str] | None, words: str
) -> None:
    report = verify(SUITE, hardened(f"revoke {taken} from public"))
    if kinds is None:
        assert not report.passed
        assert "passed" not in {outcome.status for outcome in report.outcomes if outcome.relation}
        return
    assert set(errored(report)) == kinds
    assert all(reason.endswith(words) for reason in errored(report).values())
    others = [outcome for outcome in report.outcomes if outcome.kind not in kinds and outcome.status != "passed"]
    assert [(outcome.kind, outcome.findings or outcome.reason) for outcome in others] == []
    assert not any(outcome.traceback for outcome in report.outcomes)


def test_in_an_open_transaction_and_again(hardened: Callable[[str], Connection]) -> None:
    connection = hardened("revoke select on pg_policy from public")
    with connection.transaction():
        connection.execute("set local search_path = public")
        assert set(errored(verify(SUITE, connection))) == {"PolicyPresent"}
        assert connection.execute("show search_path").fetchone() == ("public",)
        assert set(errored(verify(SUITE, connection))) == {"PolicyPresent"}
    assert connection.info.transaction_status == TransactionStatus.IDLE


def test_what_could_not_be_read_whole_is_not_saved(hardened: Callable[[str], Connection]) -> None:
    """Loaded, it would say that there are no policies."""
    catalog = read(hardened("revoke select on pg_policy from public"))
    with pytest.raises(UnreadableError, match="pg_policy"):
        saved.dump(catalog)
    for _ in range(2):  # asked again it says so again
        with pytest.raises(UnreadableError, match="pg_policy"):
            len(catalog.relations["public.notes"].policies)
    assert catalog.relations["public.notes"].columns.keys() == {"id", "body", "owner"}


def test_what_nothing_can_do_without(hardened: Callable[[str], Connection]) -> None:
    with pytest.raises(DatabaseError, match=r"may not be read by .*: permission denied for table pg_database"):
        read(hardened("revoke select on pg_database from public"))
