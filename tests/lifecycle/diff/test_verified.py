"""A contract and a database differ as two databases do: the same objects, the same grades, one line for each."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pgcontract import (
    ColumnExists,
    ColumnNotNull,
    ColumnType,
    FunctionPresent,
    OwnerIs,
    PolicyPresent,
    RlsEnabled,
    RowCount,
    Suite,
    TableExists,
    TablesAre,
)
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.functions import Argument, Function
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.schemas import Schema
from pgcontract.lifecycle.diff import compare, diff
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.mutation import KINDS, mutants, sampled
from pgcontract.lifecycle.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pgcontract.contract.expectation import Expectation
    from pgcontract.difference import Difference

ALL = os.environ.get("PGCONTRACT_MUTANTS") == "all"
SOME = (
    *("ColumnRenamed", "IdentityDropped", "CheckDropped", "ForeignKeyDeletes", "IndexDropped", "PolicyUsingTrue"),
    *("TriggerTimingChanged", "ViewRedefined", "FunctionAdded", "DomainCheckDropped", "RoleSuperuserChanged"),
)
# What is told otherwise of one kind or another, and why.
BESIDE = {
    **dict.fromkeys(("ColumnsSwapped", "ExtensionVersionChanged", "RoleAdded"), "no inventory states it"),
    "TypeRenamed": "no inventory states the types of a view's columns",
    "TableRenamed": "it is not guessed that statistics and rules are those of the old table",
    "FunctionRenamed": "it is not guessed that operators call the function under its new name",
    "OperatorClassDropped": "a contract calls an operator class without its method",
    "TextSearchConfigurationDropped": "the parser's own mappings are not in the contract",
    **dict.fromkeys(
        (
            "ForeignServerDropped",
            "ForeignServerOptionChanged",
            "ForeignColumnOptionAdded",
            "UserMappingAdded",
            "UserMappingDropped",
        ),
        "options that may be secrets are told by their own findings",
    ),
}
# The server's own, which the stored catalog has not.
SERVERS = {"postgres", "pg_maintain", "pg_write_all_data", "pg_read_all_data"}


def told(differences: Iterable[Difference]) -> Counter[tuple[str, str]]:
    return Counter((each.object, each.grade) for each in differences if each.object not in SERVERS)


def against(suite: Suite, catalog: Catalog, *, turned: bool = False) -> tuple[Difference, ...]:
    sides = (Source("c.yaml", suite=suite), Source("db", catalog=catalog))
    return compare(*(sides[::-1] if turned else sides)).differences


def test_a_contract_tells_of_a_change_what_the_database_from_before_tells(odd: Callable[[int], Catalog]) -> None:
    """One change of some kinds; with PGCONTRACT_MUTANTS=all of each."""
    catalog = odd(18)
    suite = inventory(catalog)
    unlike = {}
    for kind in (kind for kind in KINDS if (ALL or kind in SOME) and kind not in BESIDE):
        for mutant in sampled(mutants(catalog, kinds=[kind]), 1, seed=5):
            expected = told(diff(catalog, mutant.catalog))
            found = told(against(suite, mutant.catalog))
            if found != expected:
                unlike[mutant.change] = (expected - found, found - expected)
    assert unlike == {}


SERVER = Server("db", "18.1", 180001, "o", "o")
COLUMNS = {"id": Column("id", 1, "bigint", not_null=True), "note": Column("note", 2, "text")}
TABLE = Relation("public.t", "table", "o", COLUMNS, policies={"p": Policy("p", "SELECT", True, ("PUBLIC",), "true")})
GIVES = (Argument("table", "n", "integer"),)
FUNCTION = Function("public.f", (), "function", "sql", "o", arguments=GIVES, source="select 1", security_definer=True)
CATALOG = Catalog(
    SERVER,
    schemas={"public": Schema("public", "o")},
    relations={"public.t": TABLE},
    functions={"public.f()": FUNCTION},
)

CASES: dict[str, tuple[list[Expectation], list[tuple[str, str, str]]]] = {
    "what holds": ([TableExists("t"), ColumnType("t", "note", "text")], []),
    "a type": ([ColumnType("t", "id", "integer")], [("public.t.id", "type", "needs review")]),
    "NULL": ([ColumnNotNull("t", "note")], [("public.t.note", "NOT NULL", "needs review")]),
    "a switch": ([RlsEnabled("t")], [("public.t", "row-level security", "dangerous")]),
    "a policy": ([PolicyPresent("t", "p", using="false")], [("public.t.p", "USING", "dangerous")]),
    "a function": (
        [FunctionPresent("f()", security="invoker", arguments="")],  # the columns that it gives are none
        [("public.f()", "security", "dangerous")],
    ),
    "a table too many": ([TablesAre([], in_schema="public")], [("public.t", "existence", "safe")]),
    "a table too few": ([TablesAre(["t", "u"])], [("public.u", "existence", "needs review")]),
    "one told in two ways": (
        [TablesAre(["t", "u"]), TableExists("u"), ColumnExists("u", "id"), ColumnType("u", "id", "bigint")],
        [("public.u", "existence", "breaking")],
    ),
    "what nobody can make": (
        [FunctionPresent("g(int)"), RlsEnabled("t")],
        [("public.t", "row-level security", "dangerous"), ("public.g(int)", "existence", "breaking")],
    ),
    "what reads rows": ([RowCount("t", exactly=3)], []),
}


@pytest.mark.parametrize("case", CASES)
def test_each_is_told_once_by_property(case: str) -> None:
    expectations, expected = CASES[case]
    found = against(Suite("s", expectations), CATALOG)
    assert [(each.object, each.property, each.grade) for each in found] == expected


def test_the_other_way_round_the_grades_are_those_of_that_way() -> None:
    suite = Suite("s", [RlsEnabled("t"), ColumnNotNull("t", "note")])
    found = against(suite, CATALOG, turned=True)
    assert [(each.property, each.left, each.right, each.grade) for each in found] == [
        ("row-level security", "disabled", "enabled", "breaking"),
        ("NOT NULL", "no", "yes", "breaking"),
    ]


def test_owners_may_be_left_out() -> None:
    sides = (Source("c.yaml", suite=Suite("s", [OwnerIs("table", "t", "p")])), Source("db", catalog=CATALOG))
    assert [each.property for each in compare(*sides).differences] == ["owner"]
    assert compare(*sides, owners=False).differences == ()
