"""Our answer against the server's, for every role, object and privilege of the odd schema."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog import effective
from pgcontract.catalog.objects import MissingObjectError
from pgcontract.catalog.snapshot import read
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

TABLE = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
COLUMN = ["SELECT", "INSERT", "UPDATE", "REFERENCES"]


@pytest.fixture(scope="module", params=["superuser", "noinherit"])
def world(
    request: pytest.FixtureRequest, odd_url: str, odd_template: str, server: Any
) -> Iterator[tuple[Any, Catalog]]:
    """The odd database, and one that belongs to a role that does not inherit."""
    if request.param == "superuser":
        with psycopg.connect(odd_url, autocommit=True) as connection:
            yield connection, read(connection)
        return
    name = f"{odd_template}_owned"
    with psycopg.connect(server.create_database(name, odd_template), autocommit=True) as connection:
        connection.execute(f"alter database {quote(name)} owner to odd_deaf".encode())
        if connection.info.server_version >= 140000:
            connection.execute("grant select, update on odd.secured to pg_database_owner")
            connection.execute("grant usage on schema çédille to pg_database_owner")
        yield connection, read(connection)
    server.drop_database(name)


def _roles(catalog: Catalog) -> list[str]:
    return [role for role in catalog.roles if role.startswith(("odd", "postgres", "pg_"))]


def _compare(
    world: tuple[Any, Catalog],
    function: str,
    objects: Iterable[tuple[str, ...]],
    privileges: list[str],
    ours: Callable[..., frozenset[str]],
) -> None:
    connection, catalog = world
    cases = list(product(_roles(catalog), objects, privileges))
    assert len(cases) > 20
    columns = list(zip(*[(role, *path, privilege) for role, path, privilege in cases], strict=True))
    names = [f"c{k}" for k in range(len(columns))]
    query = f"""
        select pg_catalog.{function}({", ".join(names)})
        from unnest({", ".join(["%s::text[]"] * len(columns))}) with ordinality as u ({", ".join(names)}, n) order by n
    """
    theirs = [row[0] for row in connection.execute(query, [list(column) for column in columns]).fetchall()]
    known = {(role, path): ours(catalog, role, *path) for role, path in {(role, path) for role, path, _ in cases}}
    wrong = [
        (role, path, privilege, "the server says", answer)
        for (role, path, privilege), answer in zip(cases, theirs, strict=True)
        if (privilege in known[role, path]) is not answer
    ]
    assert wrong == []


def test_on_relations(world: tuple[Any, Catalog]) -> None:
    catalog = world[1]
    maintain = ["MAINTAIN"] if catalog.server.version_number >= 170000 else []
    objects = [(name,) for name in catalog.relations]
    _compare(world, "has_table_privilege", objects, TABLE + maintain, effective.on_relation)


def test_on_columns(world: tuple[Any, Catalog]) -> None:
    catalog = world[1]
    objects = [(r.name, c) for r in catalog.relations.values() if r.name != "odd.columns" for c in r.columns]
    _compare(world, "has_column_privilege", objects, COLUMN, effective.on_column)


def test_on_functions(world: tuple[Any, Catalog]) -> None:
    objects = [(f.signature,) for f in world[1].functions.values() if f.extension is None]
    _compare(world, "has_function_privilege", objects, ["EXECUTE"], effective.on_function)


def test_on_schemas(world: tuple[Any, Catalog]) -> None:
    objects = [(name,) for name in world[1].schemas]
    _compare(world, "has_schema_privilege", objects, ["USAGE", "CREATE"], effective.on_schema)


def test_on_sequences(world: tuple[Any, Catalog]) -> None:
    objects = [(name,) for name in world[1].sequences]
    _compare(world, "has_sequence_privilege", objects, ["SELECT", "UPDATE", "USAGE"], effective.on_sequence)


@pytest.mark.parametrize("noun", effective.OTHERS)
def test_on_others(world: tuple[Any, Catalog], noun: str) -> None:
    plural, privileges = effective.OTHERS[noun]
    records = getattr(world[1], plural).values()
    objects = [(r.name,) for r in records if not getattr(r, "extension", None) and getattr(r, "kind", "") != "shell"]

    def ours(catalog: Catalog, role: str, name: str) -> frozenset[str]:
        return effective.on_other(catalog, role, noun, name)

    _compare(world, f"has_{noun}_privilege", objects, sorted(privileges), ours)


def test_on_the_database(world: tuple[Any, Catalog]) -> None:
    objects = [(world[1].server.name,)]

    def ours(catalog: Catalog, role: str, _: str) -> frozenset[str]:
        return effective.on_database(catalog, role)

    _compare(world, "has_database_privilege", objects, ["CREATE", "CONNECT", "TEMPORARY"], ours)


def test_identities(world: tuple[Any, Catalog]) -> None:
    def ours(catalog: Catalog, role: str, other: str) -> frozenset[str]:
        superuser = catalog.roles[role].superuser
        return frozenset({"USAGE"} if superuser or other in effective.identities(catalog, role) else ())

    _compare(world, "pg_has_role", [(role,) for role in _roles(world[1])], ["USAGE"], ours)


def test_may_set_role(world: tuple[Any, Catalog]) -> None:
    """`MEMBER` says the same before version 16, which brought `SET`."""
    word = "SET" if world[1].server.version_number >= 160000 else "MEMBER"

    def ours(catalog: Catalog, role: str, other: str) -> frozenset[str]:
        return frozenset({word} if other in effective.may_set_role(catalog, role) else ())

    _compare(world, "pg_has_role", [(role,) for role in _roles(world[1])], [word], ours)


def test_public_has_what_is_granted_to_everybody(odd: Catalog, odd_connection: psycopg.Connection[Any]) -> None:
    for name, relation in odd.relations.items():
        row = odd_connection.execute("select has_table_privilege(0::oid, %s, 'SELECT')", [name]).fetchone()
        assert row == ("SELECT" in effective.on_relation(odd, "PUBLIC", name),)
        for column in relation.columns:
            row = odd_connection.execute(
                "select has_column_privilege(0::oid, %s, %s, 'SELECT')", [name, column]
            ).fetchone()
            assert row == ("SELECT" in effective.on_column(odd, "PUBLIC", name, column),)
    assert effective.on_function(odd, "PUBLIC", "odd.touch()") == frozenset()
    assert effective.on_function(odd, "PUBLIC", "odd.overloaded()") == {"EXECUTE"}


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("odd.view", "odd"),
        ('"Odd Schema.x"."T.able"', "Odd Schema.x"),
        ('odd."Func (name"(integer)', "odd"),
        ('odd.overloaded(odd."Pair, of", numeric)', "odd"),
        ('"a(b".c()', "a(b"),
        ('"a(b)"', "a(b)"),
    ],
)
def test_schema_of(name: str, schema: str) -> None:
    assert effective.schema_of(name) == schema


def test_every_object_has_a_schema_that_is_reached_or_not(odd: Catalog) -> None:
    for name in (*odd.relations, *odd.functions, *odd.sequences):
        assert effective.reaches(odd, "postgres", name) or not odd.roles["postgres"].superuser
        assert effective.reaches(odd, "odd_login", name) == (effective.schema_of(name) in {"public", "select"})


def test_a_missing_role_says_so(odd: Catalog) -> None:
    with pytest.raises(MissingObjectError, match="role odd_readr does not exist"):
        effective.on_relation(odd, "odd_readr", "odd.view")
