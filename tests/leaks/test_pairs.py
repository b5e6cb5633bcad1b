"""Each leaky half leaks and its twin does not, shown by an attack written by hand; what is rightful works in both.

`pgcontract leaks` is measured on these pairs, so they are only worth something if this is proven without it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import errors

from pgcontract.supabase import PLATFORM_SQL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.embedded import Databases

_spec = importlib.util.spec_from_file_location("leak_pairs", Path(__file__).with_name("pairs.py"))
assert _spec
assert _spec.loader
loader = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(loader)

PAIRS = list(loader.pairs())
# How a database says no: a privilege or a policy, a function's own check, or a constraint.
REFUSALS = (
    errors.InsufficientPrivilege,
    errors.RaiseException,
    errors.ForeignKeyViolation,
    errors.CheckViolation,
    errors.NoDataFound,
    errors.WithCheckOptionViolation,
)
USERS = "insert into auth.users (id, aud, role, email, email_confirmed_at) values (%s, %s, %s, %s, now())"

pytestmark = pytest.mark.pg(">= 15")  # views with security_invoker


@pytest.fixture(scope="module")
def connections(server: Databases, fresh_name: Callable[[], str]) -> Iterator[dict[bool, psycopg.Connection[Any]]]:
    """To a database with the platform and to an empty one; each half is made there and rolled back."""
    names = {with_platform: fresh_name() for with_platform in (True, False)}
    with (
        psycopg.connect(server.create_database(names[True])) as platform,
        psycopg.connect(server.create_database(names[False])) as empty,
    ):
        platform.execute(PLATFORM_SQL.encode())
        for user, email in loader.EMAILS.items():
            platform.execute(USERS, [loader.IDS[user], "authenticated", "authenticated", email])
        platform.commit()
        yield {True: platform, False: empty}
    for name in names.values():
        server.drop_database(name)


def act(connection: psycopg.Connection[Any], step: Any) -> Any:
    """Send a step's statements as who it says; the value that the last one returns, if it returns any."""
    with connection.transaction():
        for name, value in step.settings.items():
            connection.execute("select set_config(%s, %s, true)", [name, value])
        if step.role:
            connection.execute(f"set local role {step.role}".encode())
        cursor = connection.execute(step.sql.encode())
        while cursor.nextset():
            pass
        row = cursor.fetchone() if cursor.description else None
    return row and row[0]


def perform(connection: psycopg.Connection[Any], steps: Any, refusals: tuple[type[psycopg.Error], ...]) -> int:
    """Act step by step; the last one's number, or 0 where it was refused. All is rolled back."""
    number: Any = None
    with connection.transaction(force_rollback=True):
        for step in steps:
            try:
                number = act(connection, step)
            except refusals:
                number = 0
            connection.execute("reset role")
            for name in step.settings:
                connection.execute("select set_config(%s, '', true)", [name])
    assert number is not None, "the last statement returns a number"
    return int(number)


def assert_names_exist(connection: psycopg.Connection[Any], pair: Any) -> None:
    """The header names relations and columns that are there; a hint's bare table is in `public`, as for the command."""
    connection.execute("set search_path = public")
    for leak in pair.expected:
        assert connection.execute("select to_regclass(%s)", [leak.relation]).fetchone() != (None,), leak
    for hint, value in pair.hints:
        table, _, column = (value, "", "") if hint == "public" else value.rpartition(".")
        columns = connection.execute(
            "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0", [table]
        ).fetchall()
        assert columns, value
        assert hint == "public" or (column,) in columns, value
    connection.execute("reset search_path")


@pytest.mark.parametrize("half", ["leaky", "safe"])
@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_the_leaky_half_leaks_and_its_twin_does_not(
    connections: dict[bool, psycopg.Connection[Any]], pair: Any, half: str
) -> None:
    connection = connections[pair.platform]
    with connection.transaction(force_rollback=True):
        connection.execute((pair.leaky_sql if half == "leaky" else pair.safe_sql).encode(), prepare=False)
        assert_names_exist(connection, pair)
        connection.execute(pair.rows.encode(), prepare=False)
        connection.execute("set constraints all immediate")
        assert perform(connection, pair.control, ()) > 0, "what is rightful works"
        leaked = perform(connection, pair.attack, () if half == "leaky" else REFUSALS)
    assert leaked > 0 if half == "leaky" else leaked == 0


def test_the_set_is_as_large_as_promised() -> None:
    assert len(PAIRS) >= 60
    assert len({pair.title for pair in PAIRS}) == len(PAIRS)


GOOD = """-- title: t
-- class: c
-- leak: public.t select anon
-- because: b
-- leaky:
select 1;
-- safe:
select 2;
-- both:
select 3;
-- attack: reads
insert :A
-- as: authenticated A {"email": "x"}
select 4;
-- control:
-- as: app app.tenant_id=:OB
select 5;
"""
BAD = {
    "no because": ("-- because: b\n", ""),
    "is not RELATION": (" anon", ""),
    "says not who": ("-- as: app ", "-- as: app! "),
    "one to four": ("select 2;", "\n".join("abcde")),
}


def test_a_pair_is_read() -> None:
    pair = loader.parse("t", GOOD)
    assert "select 1;\nselect 3;\n" in pair.leaky_sql
    assert "select 2;\nselect 3;\n" in pair.safe_sql
    assert pair.expected == (("public.t", "select", "anon", None),)
    assert pair.rows == f"insert '{loader.IDS['A']}'\n"
    assert '"email": "x"' in pair.attack[0].settings["request.jwt.claims"]
    assert pair.control == (("app", {"app.tenant_id": loader.IDS["OB"]}, "select 5;\n"),)


@pytest.mark.parametrize("problem", BAD)
def test_a_bad_pair_is_refused(problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        loader.parse("t", GOOD.replace(*BAD[problem]))
