"""What nobody named is called as Postgres calls it, so that closed contracts need no other names than people gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract import AclIs, FunctionPresent, IndexesAre, ObjectsAre, Suite, table, verify
from pgcontract.contract.load import loads
from pgcontract.expectations.given_names import made

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = "a_table_with_a_name_of_forty_letters_or_so"
# By name: how the form has it, and what makes the table; every constraint and index in it is named by Postgres.
TABLES = {
    "plain": (
        {
            "columns": {"a": "int", "B c": "int", "é": "int"},
            "primary_key": "a",
            "unique": [["a", "B c"], {"columns": "é", "include": ["a"]}],
            "foreign_keys": [{"columns": ["a", "B c"], "references": "plain(a, B c)"}],
            "checks": ["a > 0", '"B c" > a', "é = 1 and é < 2"],
            "indexes": ["a desc", '"B c" int4_ops', ["a", "a", "é nulls first"], {"columns": "é", "include": ["a"]}],
        },
        """create table plain (a int primary key, "B c" int, é int, unique (a, "B c"), unique (é) include (a),
            foreign key (a, "B c") references plain(a, "B c"),
            check (a > 0), check ("B c" > a), check (é = 1 and é < 2));
        create index on plain (a desc); create index on plain ("B c" int4_ops);
        create index on plain (a, a, é nulls first); create index on plain (é) include (a);""",
    ),
    LONG: (
        {
            "columns": {"a_column_with_a_name_of_forty_letters_too": "int", "é" * 20: "int"},
            "unique": [["é" * 20, "a_column_with_a_name_of_forty_letters_too"]],
            "checks": ["a_column_with_a_name_of_forty_letters_too > 0", f"{'é' * 20} > 0"],
            "indexes": [["a_column_with_a_name_of_forty_letters_too", "é" * 20], "é" * 20],
        },
        f"""create table {LONG} (a_column_with_a_name_of_forty_letters_too int, {"é" * 20} int,
            unique ({"é" * 20}, a_column_with_a_name_of_forty_letters_too),
            check (a_column_with_a_name_of_forty_letters_too > 0), check ({"é" * 20} > 0));
        create index on {LONG} (a_column_with_a_name_of_forty_letters_too, {"é" * 20});
        create index on {LONG} ({"é" * 20});""",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_postgres_calls_them_so(clone: Callable[[str | None], str], name: str) -> None:
    form, ddl = TABLES[name]
    suite = Suite("s", [table(name, closed=["constraints", "indexes"], **form)])  # type: ignore[arg-type]
    url = clone(None)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ddl.encode())
        assert [str(one.findings) for one in verify(suite, connection).having("failed", "errored")] == []


def test_what_is_too_long_is_cut_where_it_is_longer() -> None:
    assert made("t", "", "check") == "t_check"
    assert made("t" * 40, "c" * 40, "key") == f"{'t' * 29}_{'c' * 29}_key"
    assert made("t" * 70, "c", "idx") == f"{'t' * 57}_c_idx"


def test_what_is_only_warned_of_may_be_missing() -> None:
    suite = loads(
        "suite: s\ntables: {t: {closed: [indexes, constraints], columns: {a: int, b: int},"
        " indexes: [a, {columns: b, severity: warning}], checks: [{expression: a > 0, severity: info}]}}"
    )
    (indexes,) = (one for one in suite if isinstance(one, IndexesAre))
    assert (indexes.indexes, indexes.beside) == (("t_a_idx",), ("t_b_idx",))
    (constraints,) = (one for one in suite if isinstance(one, ObjectsAre))
    assert (constraints.names, constraints.beside) == ((), ("t_a_check",))
    assert set(loads(suite.to_yaml(short=True))) == set(suite)


def test_where_nothing_else_is_said_of_grants_they_are_all_that_was_granted() -> None:
    suite = loads(
        "suite: s\ntables: {t: {closed: acl, grants: {anon: [], app: [select, {update: [id]}]}}}\n"
        "functions: {f(int): {closed: true, execute: [app]}, g(): {closed: true, execute: app, acl: {}}}\n"
    )
    granted = {each.name: each for each in suite if isinstance(each, AclIs)}
    assert granted["public.t"] == AclIs("table", "t", {"app": ["SELECT"]}, columns={"id": {"app": "UPDATE"}}).placed(
        "public"
    )
    assert granted["public.f(int)"].grants == {"app": ("EXECUTE",)}
    assert granted["public.g()"].grants == {}
    assert set(loads(suite.to_yaml(short=True))) == set(suite)
    assert len([one for one in suite if isinstance(one, FunctionPresent)]) == 2
