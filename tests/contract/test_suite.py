"""A suite is a value; what it selects, and where it puts bare names."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any, Self

import pytest
from pydantic import ValidationError, model_validator

from pgcontract import (
    AclIs,
    CatalogExpectation,
    ColumnType,
    CommentIs,
    ForeignKey,
    FunctionCallable,
    OwnerIs,
    PrivilegeGranted,
    Relation,
    RlsEnabled,
    Routine,
    RowCount,
    Suite,
    TableExists,
    TablesAre,
    TriggerPresent,
    ValuesInSet,
    table,
)
from pgcontract.contract.load import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract import Catalog, Finding

A, B, C = TableExists("a"), TableExists("b"), ColumnType("a", "id", "uuid", tags="keys")
ODD = 'Odd. "name"'


def test_equal_suites_are_one_key() -> None:
    assert Suite("s", [A, B]) == Suite("s", [TableExists("public.a"), B, A])
    assert len({Suite("s", [A]), Suite("s", [TableExists(table="a")])}) == 1


@pytest.mark.parametrize("other", [Suite("t", [A]), Suite("s", [B]), Suite("s", [A], schema="x"), Suite("s"), "s"])
def test_what_differs_is_not_equal(other: object) -> None:
    assert Suite("s", [A]) != other


def test_nothing_can_be_changed() -> None:
    suite = Suite("s", [A])
    with pytest.raises(AttributeError, match="is a value"):
        suite.name = "t"
    with pytest.raises(AttributeError, match="is a value"):
        del suite.schema
    with pytest.raises(AttributeError):
        suite.more = 1
    with pytest.raises(ValidationError):
        suite.expectations[0].severity = "info"
    assert copy.deepcopy(suite) == copy.copy(suite) == suite


def test_order_is_kept_and_an_equal_one_counts_once() -> None:
    suite = Suite("s", [B, [A, (C, A)], table("b")])
    assert [expectation.subject for expectation in suite] == ["public.b", "public.a", "public.a.id"]


def test_one_expectation_or_suite_alone() -> None:
    assert Suite("s", A) == Suite("s", [A])
    assert Suite("s", Suite("t", [A])) == Suite("s", [A])


@pytest.mark.parametrize("wrong", ["users", ["users"], [1], 1, [TableExists], [A, None]])
def test_what_is_no_expectation(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"made of expectations, not of|not iterable"):
        Suite("s", wrong)  # type: ignore[arg-type]


def test_an_empty_schema_is_none() -> None:
    with pytest.raises(ValueError, match="the schema of bare names is empty"):
        Suite("s", schema="")


class Calls(CatalogExpectation):
    """{table} has what calls {function}."""

    table: Relation
    function: Routine = "touch()"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        yield from ()
        assert catalog is not None


class CallsNow(Calls):
    """The same, with a validator of its own."""

    @model_validator(mode="after")
    def _valid(self) -> Self:
        return self


def test_constants_that_sql_tells_apart_are_told_apart() -> None:
    """In Python they are equal, and a suite keeps of equal expectations one."""
    sets = [ValuesInSet("a", "id", [value]) for value in (1, 1.0, True, "1")]
    suite = Suite("s", [*sets, ValuesInSet("a", "id", (1,))])
    assert [expectation.values for expectation in suite if isinstance(expectation, ValuesInSet)] == [
        (1,),
        (1.0,),
        (True,),
        ("1",),
    ]
    assert loads(suite.to_yaml()) == loads(suite.to_yaml(short=True)) == loads(suite.to_json()) == suite


@pytest.mark.parametrize("kind", [Calls, CallsNow])
def test_a_name_that_nobody_gave_is_put_into_the_schema_too(kind: type[Calls]) -> None:
    (placed,) = Suite("s", [kind("a")], schema="x")
    assert isinstance(placed, Calls)
    assert (placed.table, placed.function) == ("x.a", "x.touch()")
    assert kind("a").function == "touch()"


def test_addition_keeps_the_first_ones_name_and_each_ones_schema() -> None:
    both = Suite("s", [A], schema="x") + Suite("t", [A, B], schema="y")
    assert (both.name, both.schema) == ("s", "x")
    assert [expectation.subject for expectation in both] == ["x.a", "y.a", "y.b"]


NAMED = Suite(
    "named",
    [
        AclIs("table", "users"),
        CommentIs("VIEW", "billing.v", None),
        CommentIs("column", "id", None, of="users"),
        OwnerIs("materialized view", "m", "app"),
        OwnerIs("index", "i", "app", of="users"),
        CommentIs("function", "users(int)", None),
        OwnerIs("schema", "users", "app"),
        AclIs("sequence", "users"),
        AclIs("database"),
    ],
)


def test_what_is_said_of_a_relation_by_its_name_belongs_to_it() -> None:
    homes = [expectation.belongs_to for expectation in NAMED]
    assert homes == ["public.users", "billing.v", "public.users", "public.m", "public.users", None, None, None, None]
    assert [one.subject for one in NAMED.select(tables="users")] == [
        "public.users",
        "public.users.id",
        "public.users.i",
    ]


SUITE = Suite(
    "s",
    [
        TableExists("users", tags=["core", "x"]),
        ColumnType("users", "id", "uuid", tags="core"),
        ColumnType("billing.Order", "id", "uuid"),
        RlsEnabled("user[1]"),
        PrivilegeGranted("anon", "EXECUTE", function="f(int)"),
    ],
)


@pytest.mark.parametrize(
    ("chosen", "subjects"),
    [
        ({"tags": "core"}, ["public.users", "public.users.id"]),
        ({"tags": ["x", "nothing"]}, ["public.users"]),
        ({"tags": []}, []),
        ({"kinds": "TableExists"}, ["public.users"]),
        ({"kinds": "*Type"}, ["public.users.id", 'billing."Order".id']),
        ({"kinds": ["Table*", "Rls?nabled"]}, ["public.users", 'public."user[1]"']),
        ({"kinds": "tableexists"}, []),
        ({"kinds": "[A-Z]*"}, []),
        ({"tables": "users"}, ["public.users", "public.users.id"]),
        ({"tables": "public.users"}, ["public.users", "public.users.id"]),
        ({"tables": "user*"}, ["public.users", "public.users.id", 'public."user[1]"']),
        ({"tables": "user[1]"}, ['public."user[1]"']),
        ({"tables": "billing.*"}, ['billing."Order".id']),
        ({"tables": "*.Ord*"}, ['billing."Order".id']),
        ({"tables": '*."Order"'}, ['billing."Order".id']),
        ({"tables": "*.*"}, ["public.users", "public.users.id", 'billing."Order".id', 'public."user[1]"']),
        ({"tables": "Order"}, []),
        ({"tables": "users", "kinds": "Column*", "tags": "core"}, ["public.users.id"]),
        ({}, ["public.users", "public.users.id", 'billing."Order".id', 'public."user[1]"', "public.f(int)"]),
    ],
)
def test_select(chosen: dict[str, Any], subjects: list[str]) -> None:
    assert [expectation.subject for expectation in SUITE.select(**chosen)] == subjects


def test_select_refuses_what_is_no_name() -> None:
    with pytest.raises(ValueError, match="is not a name"):
        SUITE.select(tables="a..b")


@pytest.mark.parametrize("schema", ["public", "Billing", "select", ODD, "sch.ema", "é"])
def test_bare_names_are_put_into_the_schema(schema: str) -> None:
    quoted = json.dumps(schema, ensure_ascii=False).replace('\\"', '""')
    quoted = schema if schema == "public" else quoted
    suite = Suite(
        "s",
        [
            TableExists("a"),
            TableExists("other.a"),
            ForeignKey("a", "x", "b(id)"),
            ForeignKey("a", "x", "other.b"),
            FunctionCallable("f(int, text)"),
            TriggerPresent("a", "t", function="g()"),
            TablesAre(["a", "other.b"]),
            PrivilegeGranted("anon", "USAGE", sequence="a_seq"),
        ],
        schema=schema,
    )
    named = [json.loads(e.model_dump_json(exclude_defaults=True, exclude={"name", "columns"})) for e in suite]
    assert named == [
        {"table": f"{quoted}.a"},
        {"table": "other.a"},
        {"table": f"{quoted}.a", "references": f"{quoted}.b(id)"},
        {"table": f"{quoted}.a", "references": "other.b"},
        {"function": f"{quoted}.f(int, text)"},
        {"table": f"{quoted}.a", "function": f"{quoted}.g()"},
        {"tables": [f"{quoted}.a", "other.b"]},
        {"role": "anon", "privileges": ["USAGE"], "sequence": f"{quoted}.a_seq"},
    ]


def test_claims_in_any_order_are_equal() -> None:
    one = FunctionCallable("f", claims={"sub": "1", "role": "x"})
    two = FunctionCallable("f", claims={"role": "x", "sub": "1"})
    assert len(Suite("s", [one, two])) == 1


def test_the_role_that_reads_rows_is_part_of_the_value() -> None:
    suite = Suite("s", [RowCount("a", 1)], rows_as="auditor")
    assert suite != Suite("s", [RowCount("a", 1)])
    assert loads(suite.to_yaml()) == loads(suite.to_yaml(short=True)) == loads(suite.to_json()) == suite
    assert 'rows_as="auditor"' in suite.to_python()
    assert pickle.loads(pickle.dumps(suite)) == suite  # noqa: S301 - our own
    assert suite.select(tables="a") == suite == suite + Suite("t") == suite + suite
    assert suite.ignoring(kind="x", because="y").rows_as == (Suite("s") + suite).rows_as == "auditor"
    with pytest.raises(ValueError, match="rows are read as one role, not as auditor and other"):
        suite + Suite("t", rows_as="other")
    with pytest.raises(ValueError, match="has no name"):
        Suite("s", rows_as="")
