"""Which probes are asked of a change: those that have to do with what acts otherwise, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pgcontract import FunctionCallable, RlsBlocksAnon
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.functions import Function
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Role
from pgcontract.catalog.schemas import Schema
from pgcontract.catalog.triggers import Trigger
from pgcontract.catalog.views import View
from pgcontract.lifecycle.mutation import mutants
from pgcontract.lifecycle.mutation.acting import acting
from pgcontract.lifecycle.mutation.edit import Edit, difference
from pgcontract.lifecycle.mutation.reach import Reach


def table(name: str, **values: Any) -> Relation:
    columns = {column: Column(column, place, "integer") for place, column in enumerate(("id", "body"), 1)}
    return Relation(f"public.{name}", "table", "boss", columns, **values)


def function(name: str, source: str) -> Function:
    return Function(f"public.{name}", (), "function", "sql", "boss", "integer", source=source)


TO_ORGS = Constraint("users_org_fkey", "FOREIGN KEY", ("id",), "public.orgs", ("id",), "NO ACTION", "CASCADE")
MINE = Policy("mine", "ALL", permissive=True, roles=("PUBLIC",), using="(id = public.me())")
ORGS = table("orgs")
USERS = table(
    "users",
    constraints={TO_ORGS.name: TO_ORGS},
    policies={"mine": MINE},
    rls_enabled=True,
    indexes={"users_body_idx": Index("users_body_idx", "btree", ("body",))},
    triggers={"t": Trigger("t", "AFTER", ("INSERT",), "ROW", "public.log")},
    grants=(Grant("anon", "SELECT", grantable=False, grantor="boss"),),
)
NOTES = table("notes", comment="said")
SHOWN = replace(table("shown"), kind="view")
ODD = replace(table("odd"), name='public."An ""Odd"" One"')
CATALOG = Catalog(
    Server("app", "18.6", 180006, "boss", "boss"),
    schemas={"public": Schema("public", "boss")},
    relations={one.name: one for one in (NOTES, ODD, ORGS, SHOWN, USERS)},
    functions={
        one.signature: one
        for one in (
            function("me", "select 1"),
            function("log", "insert into public.logged values (1)"),
            function("count_users", "select count(*) from users"),
            function("apart", 'select count(*) from "An ""Odd"" One"'),
        )
    },
    roles={name: Role(name) for name in ("anon", "boss")},
    views={"public.shown": View("public.shown", " SELECT id\n   FROM public.users")},
)
REACH = Reach(CATALOG)


@pytest.mark.parametrize(
    ("expectation", "reached"),
    [
        (
            RlsBlocksAnon("users"),
            # Itself, the table that it points at, what its policy and its trigger call, and what shows or counts it.
            {"users", "orgs", "me()", "log()", "shown", "count_users()"},
        ),
        (RlsBlocksAnon("orgs"), {"orgs", "users"}),  # what points at it, but not what that has to do with
        (RlsBlocksAnon("notes"), {"notes"}),
        (FunctionCallable("count_users()", "anon"), {"count_users()", "users", "orgs", "me()", "log()"}),
        (FunctionCallable("apart()", "anon"), {"apart()", '"An ""Odd"" One"'}),
        (FunctionCallable("unheard_of()", "anon"), set()),
    ],
)
def test_a_probe_reaches_what_it_names_and_what_goes_with_that(expectation: Any, reached: set[str]) -> None:
    assert REACH.of(expectation.placed("public")) == {f"public.{name}" for name in reached}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("PolicyUsingTrue", {"public.users"}),
        ("RlsDisabled", {"public.users"}),
        ("TriggerDropped", {"public.users"}),
        ("TableRevoked", {"public.users"}),
        ("FunctionBodyChanged", {f"public.{name}()" for name in ("apart", "count_users", "log", "me")}),
        ("ForeignKeyDropped", {"public.users"}),
        ("IndexMadeUnique", {"public.users"}),
        ("PolicyRenamed", set()),
        ("ConstraintRenamed", set()),
        ("IndexDropped", set()),
        ("TableOptionSet", set()),
        ("TableGrantOption", set()),
        ("CommentChanged", set()),
        ("FunctionCostChanged", set()),
        ("ReplicaIdentityChanged", set()),
        ("SchemaAdded", set()),
        ("RoleAdded", set()),
        ("RoleConnectionLimitChanged", set()),
        ("RoleBypassRlsChanged", None),
        ("SchemaDropped", None),
        ("DatabaseOwnerChanged", None),
    ],
)
def test_what_acts_otherwise(kind: str, names: set[str] | None) -> None:
    found = [acting(mutant.edit) for mutant in mutants(CATALOG, kinds=[kind])]
    assert found
    if names is None:
        assert set(found) == {None}
    else:
        assert frozenset().union(*(one or () for one in found)) == names


def test_a_difference_is_put_onto_a_catalog_that_knows_more() -> None:
    """The copy has no comments; what became of it says nothing of them."""
    copy = replace(CATALOG, relations={**CATALOG.relations, NOTES.name: replace(NOTES, comment=None)})
    edit = Edit(copy)
    edit.part("public.notes", "columns", "body", replace(NOTES.columns["body"], not_null=True))
    edit.alter("relations", "public.users", rls_enabled=False)
    edit.put("relations", "public.orgs", None)
    made = difference(copy, edit.catalog(), CATALOG)
    after = made.catalog()
    assert after.relations["public.notes"].comment == "said"
    assert after.relations["public.notes"].columns["body"].not_null
    assert after.relations["public.notes"].columns["id"] is NOTES.columns["id"]
    assert set(after.relations) == set(CATALOG.relations) - {"public.orgs"}
    assert ("relations", "public.users", "rls_enabled") in set(made.changed())
    assert ("relations", "public.users", "policies", "mine") not in set(made.changed())
    assert difference(copy, copy, CATALOG).is_void
