"""What grants and policies declare, said from the catalog alone, one line a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract import snapshot
from pgcontract.isolation.declared import Declared, declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.embedded import Databases
    from pgcontract.isolation.declared import Command

SETUP = """
create role declared_app nologin;
create role declared_group nologin;
create role declared_member nologin in role declared_group;
create role declared_bypass nologin bypassrls;
create role declared_owner nologin;
grant usage on schema public to public;
create table bare (id int, note text);
grant select (id), insert on bare to declared_app;
grant truncate on bare to declared_bypass;
create table guarded (id int, owner text);
alter table guarded enable row level security;
grant all on guarded to declared_app, declared_group, declared_bypass;
create policy mine on guarded for select to declared_app using (owner = current_user);
create policy everybody_writes on guarded for insert to declared_app with check (true);
create policy half_open on guarded for update to declared_app using (true) with check (owner = current_user);
create policy never on guarded as restrictive for delete to declared_app using (false);
create policy always on guarded for delete to declared_app using (true);
create policy all_of_it on guarded to declared_group using (true);
create policy narrower on guarded as restrictive for update to declared_group using (owner <> 'x');
create table owned (id int);
alter table owned enable row level security;
alter table owned owner to declared_owner;
create table forced (id int);
alter table forced enable row level security;
alter table forced force row level security;
alter table forced owner to declared_owner;
create view seen as select * from guarded;
grant select on seen to declared_app;
create schema hidden;
create table hidden.away (id int);
grant select on hidden.away to declared_app;
"""

CASES = [
    ("declared_app", "bare", "SELECT", "all", ("id",), "row-level security is off"),
    ("declared_app", "bare", "INSERT", "all", (), "row-level security is off"),
    ("declared_app", "bare", "DELETE", "none", (), "DELETE is not granted"),
    ("declared_bypass", "bare", "TRUNCATE", "all", (), "TRUNCATE asks no policy"),
    ("declared_app", "guarded", "SELECT", "own", (), "policies mine"),
    ("declared_app", "guarded", "INSERT", "all", (), "policy everybody_writes is true for every row"),
    ("declared_app", "guarded", "UPDATE", "own", (), "policies half_open"),
    ("declared_app", "guarded", "DELETE", "none", (), "a restrictive policy for DELETE refuses everything"),
    ("declared_member", "guarded", "SELECT", "all", (), "policy all_of_it is true for every row"),
    ("declared_member", "guarded", "UPDATE", "own", (), "policies all_of_it, narrower"),
    ("declared_bypass", "guarded", "SELECT", "all", (), "declared_bypass bypasses row-level security"),
    (
        "declared_owner",
        "owned",
        "SELECT",
        "all",
        (),
        "declared_owner owns the table, and row-level security is not forced",
    ),
    ("declared_owner", "forced", "SELECT", "none", (), "no permissive policy for SELECT"),
    ("declared_app", "seen", "SELECT", "depends", (), "what the view holds"),
    ("declared_app", "hidden.away", "SELECT", "none", (), "no usage of the schema"),
]


@pytest.fixture(scope="module")
def catalog(server: Databases, fresh_name: Callable[[], str]) -> Iterator[Catalog]:
    """The catalog of the set-up, read inside a transaction that is rolled back, since roles are the server's."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name)) as connection:
        connection.execute(SETUP)
        yield snapshot(connection)
        connection.rollback()
    server.drop_database(name)


@pytest.mark.parametrize(("role", "name", "command", "level", "columns", "why"), CASES)
def test_declared(
    catalog: Catalog, role: str, name: str, command: Command, level: str, columns: tuple[str, ...], why: str
) -> None:
    """Which rows and columns, and what says so."""
    qualified = name if "." in name else f"public.{name}"
    assert declared(catalog, role, qualified, command) == Declared(level, columns, why)  # type: ignore[arg-type]
