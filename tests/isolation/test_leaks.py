"""Each class of hole is found, its twin is silent, and the script that is printed shows it in psql."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.catalog.snapshot import read
from pgcontract.embedded.binaries import installed
from pgcontract.errors import ContractError
from pgcontract.isolation.model import Options
from pgcontract.isolation.search import find_leaks
from pgcontract.report.leaks_terminal import to_text
from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.isolation.model import Search

pytestmark = pytest.mark.pg(">= 15")

TABLE = """
create table notes (
    id uuid primary key default gen_random_uuid(), user_id uuid not null references auth.users, body text
);
"""
RLS = "alter table notes enable row level security;"
OWN = "create policy own on notes using (user_id = auth.uid());"


class Hole(NamedTuple):
    leaky: str
    safe: str
    found: tuple[str, str, str]


HOLES = {
    "row-level security is off": Hole(OWN, OWN + RLS, ("public.notes", "SELECT", "anon")),
    "using (true)": Hole(
        RLS + "create policy own on notes for select to authenticated using (true);",
        RLS + "create policy own on notes for select to authenticated using (user_id = auth.uid());",
        ("public.notes", "SELECT", "authenticated"),
    ),
    "with check (true) on insert": Hole(
        RLS + "create policy add on notes for insert to authenticated with check (true);",
        RLS + "create policy add on notes for insert to authenticated with check (user_id = auth.uid());",
        ("public.notes", "INSERT", "authenticated"),
    ),
    "a view with its owner's rights": Hole(
        RLS + OWN + "create view listing as select * from notes;",
        RLS + OWN + "create view listing with (security_invoker = on) as select * from notes;",
        ("public.listing", "SELECT", "anon"),
    ),
}


@pytest.fixture(scope="module")
def platform(make_template: Callable[[list[str]], str]) -> str:
    return make_template(["supabase"])


def searched(url: str, options: Options | None = None) -> Search:
    with psycopg.connect(url, autocommit=True) as connection:
        catalog = read(connection)
        with probing(connection, catalog, may_write=True) as session:
            return find_leaks(session, options)


@pytest.fixture
def built(clone: Callable[[str], str], platform: str) -> Callable[[str], str]:
    def build(sql: str) -> str:
        url = clone(platform)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute((TABLE + sql).encode())
        return url

    return build


@pytest.mark.parametrize("name", HOLES)
def test_a_hole_is_found_and_its_script_runs_as_printed(built: Callable[[str], str], name: str) -> None:
    url = built(HOLES[name].leaky)
    search = searched(url)
    found = {(leak.relation, leak.command, leak.role): leak for leak in search.leaks}
    assert HOLES[name].found in found
    for leak in search.leaks:
        binaries = installed()
        assert binaries is not None
        done = subprocess.run(
            [binaries.program("psql"), "-X", "-v", "ON_ERROR_STOP=1", url],
            input=leak.reproduction,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", HOLES)
def test_its_twin_is_silent(built: Callable[[str], str], name: str) -> None:
    search = searched(built(HOLES[name].safe))
    assert search.leaks == ()


def test_nothing_is_left_behind(built: Callable[[str], str]) -> None:
    url = built(OWN)
    searched(url)
    with psycopg.connect(url) as connection:
        counts = connection.execute("select (select count(*) from notes), (select count(*) from auth.users)").fetchone()
    assert counts == (0, 0)


UNKNOWN = {
    "schema": (Options(schemas=("publik",)), "schema publik does not exist"),
    "principal": (Options(principals=("mmeber",)), "no principal and no role is called mmeber"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_name_that_is_not_there_is_no_search_without_a_leak(built: Callable[[str], str], kind: str) -> None:
    options, said = UNKNOWN[kind]
    with pytest.raises((ContractError, MissingObjectError), match=said):
        searched(built(OWN + RLS), options)


def test_what_could_not_be_searched_is_not_said_to_have_no_leak(built: Callable[[str], str]) -> None:
    search = searched(built("drop table notes"))
    assert not search.concluded
    assert to_text(search).startswith("nothing could be concluded; 0 inconclusive")
