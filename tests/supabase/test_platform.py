from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import psycopg
import pytest

from pgcontract.embedded import apply_setup
from pgcontract.supabase import PLATFORM_SQL

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]
Connect: TypeAlias = Callable[[str], Connection]
Dump: TypeAlias = Callable[[str], list[str]]

UID = "a0000000-0000-4000-8000-000000000001"
API_ROLES = ["anon", "authenticated", "service_role"]
SQL = PLATFORM_SQL.encode()

ROLES = """
    select rolname, rolsuper, rolcanlogin, rolinherit, rolbypassrls, rolcreaterole, rolcreatedb, rolconfig
    from pg_roles where rolname in ('anon', 'authenticated', 'service_role', 'authenticator') order by rolname
"""


@pytest.fixture
def connection(clone: Callable[[str], str], platform: str, connect: Connect) -> Connection:
    return connect(clone(platform))


@pytest.mark.parametrize("autocommit", [True, False])
def test_idempotent(database: str, dump: Dump, autocommit: bool) -> None:  # noqa: FBT001 - pytest passes by name
    runs = []
    for _ in range(3):
        with psycopg.connect(database, autocommit=autocommit) as connection:
            connection.execute(SQL)
            runs.append((dump(database), connection.execute(ROLES).fetchall()))
    assert runs[0] == runs[1] == runs[2]


def test_psql_and_driver_build_the_same(clone: Callable[[None], str], dump: Dump) -> None:
    by_driver, by_psql = clone(None), clone(None)
    with psycopg.connect(by_driver) as connection:
        connection.execute(SQL)
    apply_setup(by_psql, ["supabase"])
    assert dump(by_driver) == dump(by_psql)


def test_many_databases_at_once(clone: Callable[[None], str]) -> None:
    databases = [clone(None) for _ in range(4)] * 2

    def set_up(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL)

    with ThreadPoolExecutor(len(databases)) as pool:
        list(pool.map(set_up, databases))


@pytest.mark.parametrize("role", ["supabase_admin", "supabase_auth_admin"])
def test_refuses_a_real_supabase(database: str, connect: Connect, role: str) -> None:
    connection = connect(database)
    connection.execute("begin")
    connection.execute(f"create role {role}".encode())
    with pytest.raises(psycopg.errors.RaiseException, match="real Supabase"):
        connection.execute(SQL)
    connection.execute("rollback")
    assert connection.execute("select to_regnamespace('auth')").fetchone() == (None,)


def test_refuses_whoever_is_no_superuser(connection: Connection) -> None:
    connection.execute("set role service_role")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="service_role is none"):
        connection.execute(SQL)
    connection.execute("rollback")


def test_the_servers_own_superuser_stays_one(connection: Connection) -> None:
    connection.execute(SQL)
    assert connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (True,)


def test_migrations_call_extensions_by_their_bare_names(database: str) -> None:
    """As the platform's `postgres` does; in this database only, since roles are the whole server's."""
    apply_setup(database, ["supabase"])
    with psycopg.connect(database) as connection:
        assert connection.execute("show search_path").fetchone() == ('"$user", public, extensions',)
        if connection.execute("select from pg_available_extensions where name = 'uuid-ossp'").rowcount:
            connection.execute("create table notes (id uuid default uuid_generate_v4())")
        elsewhere = """select count(*) from pg_db_role_setting as s, unnest(s.setconfig) as c
            where s.setdatabase = 0 and c like 'search\\_path=%%public, extensions'"""
        assert connection.execute(elsewhere).fetchone() == (0,)


def test_roles(connection: Connection) -> None:
    # role, superuser, login, inherit, bypassrls, createrole, createdb, settings
    assert connection.execute(ROLES).fetchall() == [
        ("anon", False, False, True, False, False, False, ["statement_timeout=3s"]),
        ("authenticated", False, False, True, False, False, False, ["statement_timeout=8s"]),
        ("authenticator", False, True, False, False, False, False, ["statement_timeout=8s"]),
        ("service_role", False, False, True, True, False, False, None),
    ]
    for member in ("authenticator", "postgres"):
        for role in API_ROLES:
            assert connection.execute("select pg_has_role(%s, %s, 'member')", [member, role]).fetchone() == (True,)


CLAIMS = {"sub": UID, "role": "authenticated", "email": "ada@example.com"}
NOBODY = (None, None, None)


@pytest.mark.parametrize(
    ("settings", "uid_role_email"),
    [
        pytest.param({}, NOBODY, id="unset"),
        pytest.param({"request.jwt.claims": ""}, NOBODY, id="empty, as after a rollback"),
        pytest.param({"request.jwt.claims": "{}"}, NOBODY, id="no claims"),
        pytest.param({"request.jwt.claims": json.dumps(CLAIMS)}, tuple(CLAIMS.values()), id="claims"),
        pytest.param({f"request.jwt.claim.{k}": v for k, v in CLAIMS.items()}, tuple(CLAIMS.values()), id="legacy"),
        pytest.param(
            {"request.jwt.claims": json.dumps({"role": "anon"}), "request.jwt.claim.role": "service_role"},
            (None, "service_role", None),
            id="legacy first",
        ),
    ],
)
def test_claims(connection: Connection, settings: dict[str, str], uid_role_email: tuple[str | None, ...]) -> None:
    for name, value in settings.items():
        connection.execute("select set_config(%s, %s, false)", [name, value])
    assert connection.execute("select auth.uid()::text, auth.role(), auth.email()").fetchone() == uid_role_email


def test_jwt_is_all_the_claims(connection: Connection) -> None:
    assert connection.execute("select auth.jwt()").fetchone() == (None,)
    connection.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps(CLAIMS)])
    assert connection.execute("select auth.jwt()").fetchone() == (CLAIMS,)


def test_a_sub_that_is_no_uuid_raises(connection: Connection) -> None:
    connection.execute("""select set_config('request.jwt.claims', '{"sub": "ada"}', false)""")
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        connection.execute("select auth.uid()")


@pytest.mark.parametrize("role", API_ROLES)
def test_new_objects_in_public_are_open(connection: Connection, role: str) -> None:
    connection.execute("create table public.t (id bigserial)")
    connection.execute("create function public.f() returns integer language sql as 'select 1'")
    held = connection.execute(
        """select has_table_privilege(%(role)s, 'public.t', p) from unnest(array['select', 'insert', 'update', 'delete',
               'truncate', 'references', 'trigger']) p
           union all select has_sequence_privilege(%(role)s, 'public.t_id_seq', 'usage')
           union all select has_function_privilege(%(role)s, 'public.f()', 'execute')""",
        {"role": role},
    ).fetchall()
    assert held == [(True,)] * 9


@pytest.mark.parametrize("role", API_ROLES)
def test_users_are_closed_and_nobody_may_create(connection: Connection, role: str) -> None:
    granted = connection.execute(
        """select has_table_privilege(%(role)s, 'auth.users', 'select'),
                  has_schema_privilege(%(role)s, 'public', 'create'),
                  has_schema_privilege(%(role)s, 'auth', 'usage')""",
        {"role": role},
    ).fetchone()
    assert granted == (False, False, True)


def test_storage_is_closed_until_a_policy_opens_it(connection: Connection) -> None:
    connection.execute("insert into storage.buckets (id, name) values ('b', 'b')")
    connection.execute("insert into storage.objects (bucket_id, name) values ('b', 'folder/sub/photo.old.png')")
    query = """select path_tokens, storage.foldername(name), storage.filename(name), storage.extension(name)
               from storage.objects"""
    parts = (["folder", "sub", "photo.old.png"], ["folder", "sub"], "photo.old.png", "png")
    for role, rows in [("anon", []), ("authenticated", []), ("service_role", [parts])]:
        connection.execute("select set_config('role', %s, false)", [role])
        assert connection.execute(query.encode()).fetchall() == rows


def test_publication_and_schemas(connection: Connection) -> None:
    assert connection.execute("select from pg_publication where pubname = 'supabase_realtime'").fetchone() == ()
    for schema in ("extensions", "storage", "realtime", "auth"):
        assert connection.execute("select to_regnamespace(%s) is not null", [schema]).fetchone() == (True,)
