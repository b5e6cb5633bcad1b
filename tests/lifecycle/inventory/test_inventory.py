"""The inventory of a database holds there, whatever is in it, whoever looks, and twice the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import Suite, snapshot, verify
from pgcontract.catalog import saved
from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.contradictions import contradictions
from pgcontract.lifecycle.inventory import heading, inventory
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.embedded import Databases

RECONCILE = Path(__file__).resolve().parents[3] / "examples" / "supabase" / "reconcile.sql"
MORE = """
create table public.new_table (id int primary key);
create policy own_files on storage.objects for select to authenticated using (owner = (select auth.uid()));
create view public.seen with (security_invoker) as select id from public.new_table;
alter table public.new_table add column made date default current_date;
grant select on public.new_table to authenticated with grant option;
revoke usage on language sql from public;
alter role authenticated in database @DB@ set work_mem = '9MB';
"""


def failures(suite: Suite, catalog: Catalog) -> list[str]:
    """What of a suite does not hold, or asks the server something."""
    found = []
    for expectation in suite:
        try:
            found += [finding.message for finding in expectation.check(catalog)]  # type: ignore[attr-defined]
        except MissingObjectError as missing:
            found.append(str(missing))
        found += [f"asks: {form}" for form in expectation.forms() if not catalog.settles(form)]
    return found


EXAMPLE = pytest.mark.extension("vector", "uuid-ossp")
"""What the example needs; other servers than the embedded one may not have it."""


@pytest.fixture(scope="module")
def example(server: Databases, fresh_name: Callable[[], str], make_template: Callable[[Any], str]) -> Iterator[str]:
    """The Supabase example with a table, a view and a policy on the platform's table more."""
    name = fresh_name()
    url = server.create_database(name, make_template(["supabase", RECONCILE]))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(MORE.replace("@DB@", name).encode())
    yield url
    server.drop_database(name)


@pytest.fixture(scope="module")
def catalog(example: str) -> Catalog:
    return snapshot(example)


@pytest.mark.parametrize("version", [13, 15, 18])
def test_it_holds_and_asks_nothing_on_the_odd_objects(odd: Callable[[int], Catalog], version: int) -> None:
    catalog = odd(version)
    suite = inventory(catalog)
    assert not failures(suite, catalog)
    assert len(suite) > 1500
    assert not list(contradictions(suite))  # what holds together cannot contradict itself
    assert inventory(saved.load(saved.dump(catalog))) == suite


@EXAMPLE
def test_it_holds_on_the_live_example(example: str, catalog: Catalog) -> None:
    suite = inventory(catalog)
    assert not failures(suite, catalog)
    report = verify(suite, example)
    assert report.passed
    assert report.summary["skipped"] == 0
    assert inventory(snapshot(example)) == suite


def test_an_empty_database_has_an_inventory(database: str) -> None:
    suite = inventory(snapshot(database), name="empty")
    assert verify(suite, database).passed
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table public.more (id int)")
    broken = verify(suite, database)
    assert [outcome.kind for outcome in broken.having("failed")] == ["TablesAre"]


@EXAMPLE
@pytest.mark.parametrize("unreadable", ["pg_policy", "pg_description", "pg_proc", "pg_extension"])
def test_what_may_not_be_read_is_not_stated(example: str, unreadable: str) -> None:
    with psycopg.connect(example) as connection:
        connection.execute("create role pgcontract_reader login")
        connection.execute(f"revoke select on pg_catalog.{unreadable} from public".encode())
        connection.execute("set role pgcontract_reader")
        catalog = snapshot(connection)
        suite = inventory(catalog)
        report = verify(suite, connection)
        connection.rollback()
    assert catalog.unreadable
    assert any(line.startswith("Not stated: ") and unreadable in line for line in heading(catalog, Scope()))
    assert report.passed, [outcome for outcome in report.outcomes if outcome.status != "passed"]
    kinds = {expectation.kind for expectation in suite}
    # Without the extensions' members nobody can tell which tables are the user's own.
    assert kinds >= ({"DatabaseHas"} if unreadable == "pg_extension" else {"TableExists", "ColumnType", "AclIs"})


@EXAMPLE
def test_a_new_table_adds_its_own_and_one_name_to_the_world(example: str, catalog: Catalog) -> None:
    suite = inventory(catalog)
    with psycopg.connect(example) as connection:
        connection.execute("create table public.newer_table (id int)")
        more = inventory(snapshot(connection))
        connection.rollback()
    before, after = suite.to_yaml().splitlines(), more.to_yaml().splitlines()
    changed = [line for line in before if line not in after]
    assert [line.partition(":")[0] for line in changed] == ["- TablesAre"]
    new = [k for k, line in enumerate(after) if line not in before]
    assert [k for k in new[1:] if "newer_table" not in after[k]] == []
    assert new[1:] == list(range(new[1], new[1] + len(new) - 1)), "in one place"


def subjects(suite: Suite, *kinds: str) -> set[str]:
    return {expectation.subject for expectation in suite if expectation.kind in kinds}


@EXAMPLE
def test_the_platform_is_left_out_but_for_what_was_put_on_it(catalog: Catalog) -> None:
    suite = inventory(catalog)
    assert subjects(suite, "SchemaExists") == {"public", "private"}
    assert not {name for name in subjects(suite, "TableExists", "FunctionPresent") if name.startswith("auth.")}
    assert "storage.objects" in subjects(suite, "PoliciesAre")
    assert "auth.users.create_user_profile" in subjects(suite, "TriggerPresent")
    assert {"anon", "authenticated", "authenticator"} <= subjects(suite, "RoleExists")
    whole = inventory(catalog, Scope(platform=True, extensions=True))
    assert {"auth.users", "storage.objects"} <= subjects(whole, "TableExists")
    assert not failures(whole, catalog)


@EXAMPLE
@pytest.mark.parametrize(
    ("scope", "tables", "worlds"),
    [
        (Scope(schemas=("private",)), set(), {"private"}),
        (Scope(only=("new_table",)), {"public.new_table"}, set()),
        (Scope(only=("public.new_*", "seen")), {"public.new_table"}, set()),
        (Scope(schemas=("public",), exclude=("*",)), set(), set()),
    ],
    ids=str,
)
def test_a_part_is_stated_of_its_own(catalog: Catalog, scope: Scope, tables: set[str], worlds: set[str]) -> None:
    suite = inventory(catalog, scope)
    assert subjects(suite, "TableExists") == tables
    assert subjects(suite, "TablesAre") == worlds
    assert not failures(suite, catalog)
    if scope.only:
        assert subjects(suite, "SchemaExists") == set()


@EXAMPLE
@pytest.mark.parametrize(
    ("level", "there", "not_there"),
    [
        ("tables", {"TableExists", "ViewExists", "TablesAre"}, {"ColumnType", "OwnerIs", "RoleExists"}),
        ("columns", {"TableExists", "ColumnType", "ColumnsAre", "ColumnDefault"}, {"OwnerIs", "CheckConstraint"}),
        ("full", {"ColumnType", "OwnerIs", "AclIs", "RlsEnabled", "PolicyPresent", "DefaultAclIs"}, set()),
    ],
)
def test_levels(catalog: Catalog, level: Any, there: set[str], not_there: set[str]) -> None:
    suite = inventory(catalog, level=level)
    kinds = {expectation.kind for expectation in suite}
    assert there <= kinds
    assert not not_there & kinds
    assert not failures(suite, catalog)
