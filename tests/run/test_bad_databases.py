"""Databases that cannot be reached, refuse, or go away: one clear line, and never a password."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgcontract import (
    DatabaseError,
    Finding,
    FunctionCallable,
    ProbeExpectation,
    RlsBlocksAnon,
    RowCount,
    Session,
    Suite,
    TableExists,
    Timeouts,
    verify,
)
from pgcontract.embedded import Server
from pgcontract.embedded.binaries import installed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUITE = Suite("bad", [TableExists("users"), RowCount("users", exactly=3)])
SHORT = Timeouts(connect=2)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:1/app", "127.0.0.1"),
        ("postgresql://ann:s3cret@/app?host=/nowhere/at/all", "/nowhere/at/all"),
        ("host=/nowhere password='s3cret x' user=ann", "/nowhere"),
        ("postgresql://ann:s3cret@no-such-host.invalid/app", "no-such-host.invalid"),
    ],
)
def test_who_is_not_there_is_named(target: str, words: str) -> None:
    with pytest.raises(DatabaseError, match="cannot reach the database") as caught:
        verify(SUITE, target, timeouts=SHORT)
    assert words in str(caught.value)
    assert "s3cret" not in f"{caught.value}{caught.value.hint}{caught.value!r}"
    assert "\n" not in str(caught.value)


def test_unknown_databases_and_roles(url: str) -> None:
    for target in (f"{url.partition('?')[0]}_nope?{url.partition('?')[2]}", url.replace("postgres@", "nobody@")):
        if target != url:
            with pytest.raises(DatabaseError, match="does not exist") as caught:
                verify(SUITE, target)
            assert caught.value.hint == "Check the name of the database and of the role."


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """A server that asks for passwords; ann's is `right`."""
    if installed() is None:
        pytest.skip("the embedded Postgres is not installed")
    with Server() as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create role ann login password 'right'")
            row = connection.execute("show hba_file").fetchone()
            assert row is not None
            _ask_for_passwords(row[0])
            connection.execute("select pg_reload_conf()")
        yield server.url().replace("postgres@", "ann:{}@")


def _ask_for_passwords(path: str | Path) -> None:
    with open(path, "r+", encoding="utf-8") as file:  # noqa: PTH123 - it keeps its owner
        rest = file.read()
        file.seek(0)
        file.write("local all ann scram-sha-256\n" + rest)


def test_a_wrong_password_is_told(guarded: str) -> None:
    with pytest.raises(DatabaseError, match="password authentication failed") as caught:
        verify(SUITE, guarded.format("wr0ng"))
    assert caught.value.hint == "Check the user and the password."
    assert "wr0ng" not in str(caught.value)
    assert verify(Suite("none"), guarded.format("right")).passed


def test_no_password_is_told(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(DatabaseError, match="no password supplied") as caught:
        verify(SUITE, guarded.replace(":{}", ""))
    assert "PGPASSWORD" in str(caught.value.hint)


# With a beginning that no message has by itself.
PASSWORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20).map("Zq7".__add__)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(PASSWORDS)
def test_no_password_is_ever_said(guarded: str, password: str) -> None:
    quoted = password.replace("\\", "\\\\").replace("'", "\\'")
    said = []
    for target in (guarded.format(quote(password, safe="")), f"host=/nowhere user=ann password='{quoted}'"):
        with pytest.raises(DatabaseError) as caught:
            verify(SUITE, target, timeouts=SHORT)
        said.append(f"{caught.value} {caught.value.hint}")
    assert not any("Zq7" in text for text in said)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(PASSWORDS)
def test_no_password_that_was_pasted_unescaped_is_said(password: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        verify(SUITE, f"postgresql://ann:{password}@/nowhere?host=/nowhere/%zz", timeouts=SHORT)
    said = f"{caught.value} {caught.value.hint}"
    assert "Zq7" not in said


def test_a_statement_timeout_while_reading_is_told(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("begin; lock table pg_catalog.pg_sequence in access exclusive mode")
        with pytest.raises(DatabaseError) as caught:
            verify(SUITE, url, timeouts=Timeouts(statement=0.2, lock=0))
        assert "statement timeout" in str(caught.value)
        assert "--statement-timeout" in str(caught.value.hint)
        with pytest.raises(DatabaseError, match="lock"):
            verify(SUITE, url, timeouts=Timeouts(lock=0.2))


def test_a_lock_on_a_table_is_the_scans_matter(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("begin; lock table users in access exclusive mode")
        report = verify(SUITE, url, timeouts=Timeouts(lock=0.2))
    assert [outcome.status for outcome in report.outcomes] == ["passed", "errored"]
    assert "lock timeout" in str(report.outcomes[1].reason)


@pytest.fixture
def limited(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of a role that may do nothing."""
    role = f"pgc_limited_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create role {role}".encode())
        connection.execute(f"set role {role}".encode())
        yield connection
        connection.execute("reset role")
        connection.execute(f"drop role {role}".encode())


def test_a_role_without_privileges_still_sees_the_catalog(limited: psycopg.Connection[Any]) -> None:
    probes = [RlsBlocksAnon("users", "pg_monitor"), RlsBlocksAnon("orgs", "pg_monitor"), FunctionCallable("calm()")]
    report = verify(Suite("limited", [RowCount("orgs", exactly=2), *SUITE, *probes]), limited)
    assert [outcome.status for outcome in report.outcomes] == [
        *("errored", "passed", "errored"),
        *("skipped", "skipped", "passed"),
    ]
    assert "permission denied" in str(report.outcomes[0].reason)
    assert "row-level security" in str(report.outcomes[2].reason)
    assert "row-level security" in str(report.outcomes[3].reason)
    assert "may not read public.orgs itself" in str(report.outcomes[4].reason)


class Kills(ProbeExpectation):
    """The connection is cut off here: {when}."""

    when: str = "now"

    def probe(self, session: Session) -> Iterator[Finding]:
        with session.acting_as(session.catalog.server.user):
            # In one piece it would not be run: no probe may reach another session.
            session.rows("do $$ begin execute 'select pg_' || 'terminate_backend(pg_backend_pid())'; /**/ end $$")
        yield from ()


def test_a_connection_that_is_lost_in_a_probe_keeps_the_other_verdicts(url: str) -> None:
    suite = Suite("lost", [FunctionCallable("calm()"), Kills(), FunctionCallable("calm()", role="postgres"), *SUITE])
    report = verify(suite, url)
    assert [outcome.status for outcome in report.outcomes] == ["passed", "errored", "errored", "passed", "passed"]
    assert all("connection was lost" in str(outcome.reason) for outcome in report.having("errored"))
    assert not report.passed


class Cuts(RowCount):
    """{table} cuts the connection off while it is scanned."""

    def aggregates(self, relation: Any) -> Any:
        from pgcontract import Aggregate  # noqa: PLC0415 - it is this class's alone

        assert relation
        return [Aggregate("bool_or(pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()))")]


def test_a_connection_that_is_lost_in_a_scan_keeps_the_other_verdicts(url: str) -> None:
    suite = Suite(
        "lost", [Cuts("users", 1), RowCount("orgs", exactly=2), TableExists("users"), FunctionCallable("calm")]
    )
    report = verify(suite, url)
    assert [outcome.status for outcome in report.outcomes] == ["errored", "errored", "passed", "errored"]
    assert "the connection was lost" in str(report.outcomes[0].reason)
