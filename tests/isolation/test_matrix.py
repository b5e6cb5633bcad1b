"""The access matrix on one schema that has a case of everything, and on what looks narrow and is not."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import jsonschema  # type: ignore[import-untyped]
import psycopg
import pytest
from rich.console import Console

from pgcontract import snapshot
from pgcontract.contract.load import loads
from pgcontract.isolation.matrix import access_matrix
from pgcontract.isolation.model import Options
from pgcontract.report.matrix import SCHEMA, phrase, show, to_contract, to_html, to_json
from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.embedded import Databases
    from pgcontract.isolation.matrix import Matrix

pytestmark = pytest.mark.pg(">= 15")  # security_invoker

SETUP = """
create table notes (id uuid primary key, user_id uuid not null references auth.users, title text not null, hidden text);
alter table notes enable row level security;
revoke all on notes from anon, authenticated;
grant select (id, user_id, title), insert, delete on notes to authenticated;
grant update (title) on notes to authenticated;
create policy mine on notes to authenticated using (user_id = (select auth.uid()));

create table plans (id int primary key, name text not null, listed boolean not null);
alter table plans enable row level security;
revoke all on plans from anon, authenticated;
grant select on plans to anon, authenticated;
create policy listed on plans for select using (listed);

create table wide (id uuid primary key, user_id uuid not null references auth.users, body text);
alter table wide enable row level security;
revoke truncate on wide from anon, authenticated;
create policy looks_narrow on wide to authenticated using (user_id = auth.uid() or user_id is not null);

create table frozen (id uuid primary key, user_id uuid not null references auth.users, body text);
alter table frozen enable row level security;
revoke all on frozen from anon;
revoke truncate on frozen from authenticated;
create policy mine on frozen to authenticated using (user_id = (select auth.uid()));
create function refuse() returns trigger language plpgsql as $$ begin raise exception 'frozen'; end $$;
create trigger refuse before update on frozen for each row execute function refuse();

create view titles as select id, title from notes;
create view own_titles with (security_invoker) as select id, title from notes;
revoke all on titles, own_titles from anon, authenticated;
grant select on titles, own_titles to authenticated;
"""

# role, relation: what is reached by SELECT, INSERT, UPDATE, DELETE, TRUNCATE (views: SELECT only)
REACHED = [
    ("anon", "public.notes", ["none"] * 5),
    ("authenticated", "public.notes", ["own (id, user_id, title)", "own", "own (title)", "own", "none"]),
    ("service_role", "public.notes", ["all"] * 5),
    ("anon", "public.plans", ["own", "none", "none", "none", "none"]),
    ("authenticated", "public.wide", ["all", "all", "all", "all", "none"]),
    ("authenticated", "public.frozen", ["own", "own", "none", "own", "none"]),
    ("authenticated", "public.titles", ["all"]),
    ("authenticated", "public.own_titles", ["own"]),
]


@pytest.fixture(scope="module")
def platform(make_template: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the platform and the set-up."""
    file = tmp_path_factory.mktemp("matrix") / "setup.sql"
    file.write_text(SETUP)
    return make_template(["supabase", file])


@pytest.fixture(scope="module")
def matrix(server: Databases, fresh_name: Callable[[], str], platform: str) -> Iterator[Matrix]:
    """Everything observed; the database holds no row afterwards."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name, platform)) as connection:
        catalog = snapshot(connection)
        with probing(connection, catalog, may_write=True) as session:
            found = access_matrix(session, Options())
        for table in ("notes", "plans", "wide", "frozen", "auth.users"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)
    yield found
    server.drop_database(name)


@pytest.mark.parametrize(("role", "relation", "reached"), REACHED)
def test_reached(matrix: Matrix, role: str, relation: str, reached: list[str]) -> None:
    """What acting shows, command by command."""
    assert [phrase(cell.observed.level, cell.observed.columns) for cell in matrix.of(role, relation)] == reached


def test_disagreements(matrix: Matrix) -> None:
    """A policy that lets every row through is a hole; a trigger that refuses what is granted is not."""
    found = {(cell.relation, cell.command): cell.exceeds for cell in matrix.disagreements}
    holes = dict.fromkeys([("public.wide", command) for command in ("SELECT", "INSERT", "UPDATE", "DELETE")], True)
    assert found == {**holes, ("public.frozen", "UPDATE"): False}
    assert matrix.verdict == "broken"
    frozen = next(cell for cell in matrix.disagreements if cell.relation == "public.frozen")
    assert frozen.disagreement == "declared own (policies mine), reached none: frozen"


def test_json_is_what_its_schema_says(matrix: Matrix) -> None:
    """The published schema describes it, and all of it is there."""
    document = json.loads(to_json(matrix))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    assert len(document["cells"]) == len(matrix.cells)


def test_page_says_every_cell(matrix: Matrix) -> None:
    """A cell each, those that disagree marked, and nothing fetched from anywhere."""
    text = to_html(matrix)
    assert len(re.findall(r'<td class="heat-(?!void)', text)) == len(matrix.cells)
    assert len(re.findall(r'<td class="[^"]*heat-marked', text)) == len(matrix.disagreements)
    assert "http://" not in text
    assert "https://" not in text


def test_contract_states_what_was_reached(matrix: Matrix) -> None:
    """As YAML that says no more than needed."""
    suite = loads(to_contract(matrix), "access.yaml")
    assert len(suite) == len(matrix.relations)
    access = {expectation.subject: expectation.access for expectation in suite}  # type: ignore[attr-defined]
    assert access["public.notes"]["anon"] == "none"
    assert access["public.own_titles"]["authenticated"] == {"select": "own"}
    assert access["public.notes"]["authenticated"]["update"] == "own (title)"


UNTOLD = """
create role matrix_teller;
create role matrix_guest;
create table people (id uuid primary key, name text not null);
create table orders (id int primary key, buyer uuid not null references people, qty int not null);
create function me() returns uuid language sql stable as $$ select nullif(current_setting('app.me', true), '')::uuid $$;
alter table people enable row level security;
alter table orders enable row level security;
create policy own on people to matrix_teller using (id = me());
create policy own on orders to matrix_teller using (buyer = me());
grant select, update on people to matrix_teller;
grant select, insert, update, delete on orders to matrix_teller;
create view sums as select sum(qty) as total from orders;
grant select on sums to matrix_guest;
"""


def test_users_whom_their_own_rows_identify(database: str) -> None:
    """Who a user is may be settled by the rows that are made; what cannot be told is no `none`, and says why."""
    with psycopg.connect(database, autocommit=True) as connection:
        try:
            connection.execute(UNTOLD)
            catalog = snapshot(connection)
            with probing(connection, catalog, may_write=True) as session:
                found = access_matrix(session, Options())
        finally:
            connection.execute("drop owned by matrix_teller, matrix_guest")
            connection.execute("drop role matrix_teller, matrix_guest")
    assert [cell.observed.level for cell in found.of("matrix_teller", "public.orders")] == ["own"] * 4 + ["none"]
    assert found.disagreements == ()
    assert [cell.observed.level for cell in found.of("matrix_guest", "public.sums")] == [None]
    untold = "SELECT on public.sums as matrix_guest could not be told: its rows bear no mark of whose they are"
    text = to_contract(found)
    assert f"# {untold}" in text
    (sums,) = [one for one in loads(text, "access.yaml") if one.subject == "public.sums"]
    assert "matrix_guest" not in sums.access  # type: ignore[attr-defined]
    console = Console(record=True, width=200, file=io.StringIO())
    show(found, console)
    assert f"? {untold}" in (shown := console.export_text())
    assert shown.endswith(f"declared and observed agree; {len(found.cells)} cells, 1 could not be told\n")
