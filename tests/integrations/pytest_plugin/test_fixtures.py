"""Fixtures for tests of one's own: a contract, a database of each test's own, and a session that acts as others."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract import Principal
from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.integrations.pytest_plugin.acting import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.embedded import Databases
    from pgcontract.integrations.pytest_plugin.acting import PgSession

ALICE, BOB = "a0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000001"


@pytest.fixture
def session(notes: str) -> Iterator[PgSession]:
    with opened(notes) as session:
        session.execute("insert into notes values (1, %s, 'hers'), (2, %s, 'his')", [ALICE, BOB])
        yield session


def test_somebody_sees_and_does_what_they_may(session: PgSession) -> None:
    with session.as_user(ALICE, email="a@example.com") as alice:
        assert alice.rows("select id from notes") == [(1,)]
        assert alice.dicts("select id, body from notes") == [{"id": 1, "body": "hers"}]
        assert alice.value("select auth.jwt() ->> 'email'") == "a@example.com"
        assert alice.value("select id from notes where false") is None
        assert alice.execute("update notes set body = 'new'") == 1
        assert alice.value("select body from notes") == "new"
    with session.as_user(BOB):
        assert session.rows("select body from notes") == [("his",)]
        with session.anon():
            assert session.rows("select body from notes") == []
        assert session.value("select auth.uid()::text") == BOB
    with session.service_role():
        assert session.rows("select body from notes order by id") == [("hers",), ("his",)]
    itself = session.connection.info.user
    assert session.rows("select current_user, current_setting('request.jwt.claims')") == [(itself, "")]


def test_nothing_stays(session: PgSession, notes: str) -> None:
    session.execute("create table more ()")
    assert session.value("select count(*) from notes") == 2
    with opened(notes) as other:
        assert other.value("select to_regclass('more')") is None
        assert other.value("select count(*) from notes") == 0


def test_other_roles_claims_and_settings(session: PgSession) -> None:
    asked = "select current_user, current_setting('app.tenant', true), auth.uid()::text"
    with session.as_role("authenticated", {"sub": BOB}, {"app.tenant": "1"}):
        assert session.rows(asked) == [("authenticated", "1", BOB)]
    with session.acting(Principal("boss", login="authenticator", role="anon")):
        assert session.rows("select session_user, current_user") == [("authenticator", "anon")]
    assert session.value("select session_user") == session.connection.info.user


def test_what_is_refused(session: PgSession) -> None:
    insert = "insert into notes values (%s, %s, 'x')"
    with session.as_user(ALICE):
        with session.denied():
            session.execute(insert, [3, BOB])
        with session.raises("23505"):
            session.execute(insert, [1, ALICE])
        with session.raises():
            session.rows("select nothing")
        with (
            pytest.raises(AssertionError, match="refused with 23505, where 42501 was due: duplicate key"),
            session.denied(),
        ):
            session.execute(insert, [1, ALICE])
        with pytest.raises(AssertionError, match="nothing was refused"), session.denied():
            session.execute(insert, [3, ALICE])
        with pytest.raises(KeyError), session.denied():
            raise KeyError
        assert session.execute(insert, [4, ALICE]) == 1
    with pytest.raises(Refused, match="column"):
        session.rows("select nothing")
    with (
        pytest.raises(CannotProbe, match='cannot act as nobody: role "nobody" does not exist'),
        session.as_role("nobody"),
    ):
        pass
    with pytest.raises(ValueError, match="may not begin or end a transaction"):
        session.execute("commit")
    assert session.value("select count(*) from notes") == 2


TESTS = """
import psycopg
import pytest
from pgcontract import ContractBrokenError, Suite, TableExists

MADE = []

def make(url):
    MADE.append(url)
    with psycopg.connect(url) as connection:
        connection.execute("create table notes (id int primary key)")

@pytest.fixture(scope="session")
def embedded_postgres_setup():
    return make

@pytest.mark.parametrize("number", range(2))
def test_each_has_its_own(embedded_postgres, pg_session, number):
    assert pg_session.rows("select * from notes") == []
    pg_session.execute("insert into notes values (1)")
    assert len(MADE) == 1

@pytest.mark.parametrize("number", range(2))
def test_what_is_committed_is_gone_too(embedded_postgres, number):
    with psycopg.connect(embedded_postgres) as connection:
        assert connection.execute("insert into notes values (1) returning id").fetchall() == [(1,)]

def test_contracts(contract, embedded_postgres):
    contract("contract.yaml", embedded_postgres).raise_for_failures()
    report = contract(Suite("s", [TableExists("other")]), embedded_postgres)
    with pytest.raises(ContractBrokenError, match="other does not exist\\n    expected: public.other"):
        report.raise_for_failures()

def test_the_configured_ones(contract):
    assert contract().suite == contract("contract.yaml").suite == "s"
    assert {each.status for each in contract().outcomes} == {"passed"}
"""


def test_fixtures(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester, server: Databases) -> None:
    pytester.makepyfile(TESTS)
    pytester.makefile(".yaml", contract="suite: s\nexpectations: [{TableExists: notes}]\n")
    pytester.makefile(".toml", pgcontract="contract = 'contract.yaml'\n")
    run(f"--pgcontract-server={server.url()}").assert_outcomes(passed=6)
    with psycopg.connect(server.url()) as connection:
        left = "select datname from pg_database where datname ~ '^pgcontract_[0-9a-f]{8}_'"
        assert connection.execute(left).fetchall() == []


def test_a_contract_on_a_private_database(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester, server: Databases
) -> None:
    pytester.makefile(".sql", schema="create table notes ();")
    pytester.makefile(".yaml", contract="suite: s\nexpectations: [{TableExists: notes}, {RoleExists: anon}]\n")
    pytester.makeini("[pytest]\npgcontract_contracts = contract.yaml\npgcontract_setup = supabase schema.sql\n")
    run(f"--pgcontract-server={server.url()}", "--pgcontract-db=embedded").assert_outcomes(passed=2)


def test_what_cannot_be_had_is_said_without_our_code(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester, server: Databases
) -> None:
    pytester.makepyfile(
        "import pytest\n"
        "def test_a(embedded_postgres): pass\n"
        "def test_b(pg_session): pass\n"
        "def test_c(contract): contract('nothing.yaml')\n"
        "def test_d(contract): contract('contract.yaml', 'mysql://x/y')\n"
        "class TestNowhere:\n"
        "    @pytest.fixture\n"
        "    def pg_session_url(self): return 'postgresql://a:s3cret@127.0.0.1:1/app'\n"
        "    def test_e(self, pg_session): pass\n"
    )
    pytester.makefile(".sql", bad="create tabel notes ();")
    pytester.makefile(".yaml", contract="suite: s\nexpectations: [{TableExists: notes}]\n")
    result = run(f"--pgcontract-server={server.url()}", "--pgcontract-setup=bad.sql", "--show-capture=no")
    result.assert_outcomes(errors=3, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*bad.sql:1: syntax error at or near *",
            "cannot reach the database on 127.0.0.1: * Connection refused",
            "Check host and port, and that the server is running.",
            "E * there is no contract 'nothing.yaml'",
            "E * mysql:// is not PostgreSQL",
            "E * Give a URL that begins with postgresql://.",
        ]
    )
    assert not re.search(r"\b(?!test_)\w+\.py:\d|During handling", result.stdout.str())


def test_pytest_starts_as_fast_as_without() -> None:
    heavy = "{'psycopg', 'pydantic', 'sqlalchemy', 'rich', 'jinja2', 'hypothesis'}"
    program = f"import sys, pgcontract.integrations.pytest_plugin; print(sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", f"import pytest; {program}"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
