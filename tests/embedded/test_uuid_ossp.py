"""The stand-in for uuid-ossp answers as the module that it stands for: on other servers the module itself is tested."""

from __future__ import annotations

import os
import random
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.extension("uuid-ossp")
of_the_stand_in = pytest.mark.skipif("PGCONTRACT_TEST_DSN" in os.environ, reason="only the embedded server has it")

NAMESPACES = {
    "uuid_nil": uuid.UUID(int=0),
    "uuid_ns_dns": uuid.NAMESPACE_DNS,
    "uuid_ns_url": uuid.NAMESPACE_URL,
    "uuid_ns_oid": uuid.NAMESPACE_OID,
    "uuid_ns_x500": uuid.NAMESPACE_X500,
}
# SHA-1 takes blocks of 64 bytes and needs 9 for the padding; the namespace takes 16 of the first.
LENGTHS = [0, 1, 38, 39, 40, 46, 47, 48, 49, 102, 103, 104, 111, 112, 1000]

# volatility, strict, parallel; from the documentation and the module's own script
LABELS = {
    "uuid_nil()": ("i", True, "s"),
    "uuid_ns_dns()": ("i", True, "s"),
    "uuid_ns_url()": ("i", True, "s"),
    "uuid_ns_oid()": ("i", True, "s"),
    "uuid_ns_x500()": ("i", True, "s"),
    "uuid_generate_v1()": ("v", True, "s"),
    "uuid_generate_v1mc()": ("v", True, "s"),
    "uuid_generate_v3(namespace uuid, name text)": ("i", True, "s"),
    "uuid_generate_v4()": ("v", True, "s"),
    "uuid_generate_v5(namespace uuid, name text)": ("i", True, "s"),
}


def install(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute('CREATE SCHEMA extensions; CREATE EXTENSION "uuid-ossp" SCHEMA extensions')


@pytest.fixture(scope="module")
def installed(make_template: Callable[..., str]) -> str:
    return make_template(install)


@pytest.fixture
def connection(clone: Callable[[str], str], installed: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(clone(installed)) as connected:
        yield connected


@pytest.mark.parametrize(("version", "reference"), [(3, uuid.uuid3), (5, uuid.uuid5)])
def test_names_hash_as_in_python(
    connection: psycopg.Connection, version: int, reference: Callable[[uuid.UUID, str], uuid.UUID]
) -> None:
    draw = random.Random(0)  # noqa: S311 - the same words every time
    words = ["x" * length for length in LENGTHS]
    words += ["".join(chr(draw.choice([65, 223, 8364, 128512])) for _ in range(draw.randrange(80))) for _ in range(200)]
    for namespace in (*NAMESPACES.values(), uuid.UUID(int=2**128 - 1)):
        answers = connection.execute(
            f"SELECT extensions.uuid_generate_v{version}(%s, word) FROM unnest(%s::text[]) WITH ORDINALITY"
            " AS words (word, number) ORDER BY number",
            (namespace, words),
        )
        assert [answer for (answer,) in answers] == [reference(namespace, word) for word in words]


@pytest.mark.parametrize(("function", "value"), NAMESPACES.items())
def test_a_namespace_is_the_standards(connection: psycopg.Connection, function: str, value: uuid.UUID) -> None:
    assert connection.execute(f"SELECT extensions.{function}()").fetchone() == (value,)


@pytest.mark.parametrize(("function", "version"), [("v1", 1), ("v1mc", 1), ("v4", 4)])
def test_a_generated_one_is_of_its_version_and_never_twice(
    connection: psycopg.Connection, function: str, version: int
) -> None:
    rows = connection.execute(f"SELECT extensions.uuid_generate_{function}() FROM generate_series(1, 2000)")
    made = [row[0] for row in rows]
    assert {(one.version, one.variant) for one in made} == {(version, uuid.RFC_4122)}
    assert len(set(made)) == len(made)


@of_the_stand_in
@pytest.mark.parametrize(("function", "nodes"), [("v1", 1), ("v1mc", 50)])
def test_a_time_based_one_has_the_time_and_a_multicast_node(
    connection: psycopg.Connection, function: str, nodes: int
) -> None:
    rows = connection.execute(
        f"""
        SELECT made, uuid_extract_timestamp(made) BETWEEN now() - interval '1 ms' AND clock_timestamp()
          FROM (SELECT extensions.uuid_generate_{function}() AS made FROM generate_series(1, 50) OFFSET 0)
        """
    ).fetchall()
    assert all(in_time for _, in_time in rows)
    assert all(made.node >> 40 & 1 for made, _ in rows)
    assert len({made.node for made, _ in rows}) == nodes


def test_null_in_is_null_out(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT extensions.uuid_generate_v5(NULL, 'x'), extensions.uuid_generate_v3(NULL, 'x')")
    assert row.fetchone() == (None, None)


def test_it_is_labelled_as_the_module_is(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        """
        SELECT format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)),
               p.provolatile, p.proisstrict, p.proparallel
          FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
          JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'uuid-ossp'
        """
    )
    assert {name: tuple(labels) for name, *labels in rows} == LABELS


@of_the_stand_in
def test_its_comment_says_that_it_is_a_stand_in(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT comment FROM pg_available_extensions WHERE name = 'uuid-ossp'").fetchone()
    assert row is not None
    assert "stand-in" in row[0]


def test_it_works_after_a_move_and_whatever_the_search_path(connection: psycopg.Connection) -> None:
    connection.execute(
        """
        CREATE SCHEMA elsewhere;
        ALTER EXTENSION "uuid-ossp" SET SCHEMA elsewhere;
        CREATE SCHEMA trap;
        CREATE FUNCTION trap.md5(bytea) RETURNS text LANGUAGE sql AS $$ SELECT 'planted' $$;
        CREATE FUNCTION trap.uuid_send(uuid) RETURNS bytea LANGUAGE sql AS $$ SELECT 'planted'::bytea $$;
        CREATE FUNCTION trap.gen_random_uuid() RETURNS uuid LANGUAGE sql AS $$ SELECT NULL::uuid $$;
        SET search_path = trap, pg_catalog;
        """
    )
    row = connection.execute(
        """
        SELECT elsewhere.uuid_generate_v3(elsewhere.uuid_ns_dns(), 'a'),
               elsewhere.uuid_generate_v5(elsewhere.uuid_ns_dns(), 'a'), elsewhere.uuid_generate_v4() IS NOT NULL
        """
    ).fetchone()
    assert row == (uuid.uuid3(uuid.NAMESPACE_DNS, "a"), uuid.uuid5(uuid.NAMESPACE_DNS, "a"), True)


@pytest.mark.pg(">= 16")  # debug_parallel_query
def test_it_runs_in_parallel_workers(connection: psycopg.Connection) -> None:
    connection.execute(
        "CREATE TABLE names AS SELECT i::text AS name FROM generate_series(1, 2000) i; ANALYZE names;"
        "SET debug_parallel_query = on"
    )
    row = connection.execute(
        "SELECT count(DISTINCT extensions.uuid_generate_v5(extensions.uuid_ns_url(), name)) FROM names"
    ).fetchone()
    assert row == (2000,)
