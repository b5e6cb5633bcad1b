"""What is in no contract is dropped with the hazard that dropping it has: only what holds rows loses data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgcontract import ColumnsAre, IndexesAre, ObjectsAre, PoliciesAre, Suite, TablesAre, ViewsAre
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.functions import Function
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.schemas import Schema
from pgcontract.catalog.sequences import Sequence
from pgcontract.catalog.types import Type
from pgcontract.catalog.views import View
from pgcontract.repair import plan

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation
    from pgcontract.verdict import Hazard

TABLE = Relation(
    "public.t",
    "table",
    "o",
    {"a": Column("a", 1, "integer")},
    constraints={"c": Constraint("c", "CHECK", expression="(a > 0)")},
    indexes={"i": Index("i", "btree", ("a",))},
    policies={"p": Policy("p", "SELECT", True, ("PUBLIC",), "true")},
)
CATALOG = Catalog(
    Server("db", "18.1", 180001, "o", "o"),
    schemas={"public": Schema("public", "o")},
    relations={"public.t": TABLE, "public.v": Relation("public.v", "view", "o")},
    views={"public.v": View("public.v", "SELECT 1")},
    functions={"public.f()": Function("public.f", (), "function", "sql", "o", source="select 1")},
    sequences={"public.s": Sequence("public.s", "o", "bigint", 1, 1, 1, 9, 1, cycle=False)},
    types={"public.e": Type("public.e", "enum", "o", labels=("a",))},
)
EXTRAS: list[tuple[Expectation, str, Hazard]] = [
    (TablesAre([], in_schema="public"), "drop table if exists public.t;", "data loss"),
    (ColumnsAre("t", []), "alter table public.t drop column if exists a;", "data loss"),
    (ObjectsAre("sequence", [], in_schema="public"), "drop sequence if exists public.s;", "data loss"),
    (IndexesAre("t", []), "drop index if exists public.i;", "blocks writes"),
    (ObjectsAre("constraint", [], of="t"), "alter table public.t drop constraint if exists c;", "blocks writes"),
    (PoliciesAre("t", []), "drop policy if exists p on public.t;", "changes access"),
    (ViewsAre([], in_schema="public"), "drop view if exists public.v;", "changes access"),
    (ObjectsAre("function", [], in_schema="public"), "drop routine if exists public.f();", "changes access"),
    (ObjectsAre("type", [], in_schema="public"), "drop type if exists public.e;", "changes access"),
]


@pytest.mark.parametrize(("closed", "sql", "hazard"), EXTRAS, ids=[sql for _, sql, _ in EXTRAS])
def test_an_extra_has_its_own_hazard_and_waits_for_it(closed: Expectation, sql: str, hazard: Hazard) -> None:
    (step,) = plan(Suite("s", [closed]), CATALOG).steps
    assert (step.sql, step.hazard) == (sql, hazard)
    assert not step.allowed(frozenset())
    assert step.allowed(frozenset([hazard]))
