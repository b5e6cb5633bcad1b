"""Roles belong to a cluster: which of them are told of where one side is made of files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Membership, Role
from pgcontract.catalog.schemas import Schema
from pgcontract.lifecycle.diff import diff

PLATFORM = {name: Role(name) for name in ("anon", "authenticated", "service_role", "authenticator", "supabase_admin")}
LIVE = Catalog(
    Server("db", "18.1", 180001, "boss", "boss"),
    schemas={"public": Schema("public", "boss"), "auth": Schema("auth", "supabase_admin")},
    relations={
        "public.t": Relation(
            "public.t",
            "table",
            "owning",
            policies={"p": Policy("p", "SELECT", True, ("reading",), "true")},
            grants=(Grant("granted", "SELECT", False, "owning"), Grant("anon", "SELECT", False, "owning")),
        ),
        "auth.users": Relation("auth.users", "table", "supabase_admin"),
    },
    roles={
        "boss": Role("boss", superuser=True),
        "owning": Role("owning"),
        "reading": Role("reading"),
        "granted": Role("granted"),
        "coming": Role("coming", login=True, member_of=(Membership("linking"),)),
        "linking": Role("linking", member_of=(Membership("granted"),)),
        "set here": Role("set here", settings_here=("work_mem=1MB",)),
        "of another database": Role("of another database", bypass_rls=True),
        **PLATFORM,
    },
)
MADE = replace(
    LIVE, server=replace(LIVE.server, user="postgres"), roles={"postgres": Role("postgres", superuser=True), **PLATFORM}
)
OWN = {"owning", "reading", "granted", "coming", "linking", '"set here"'}


@pytest.mark.parametrize("turned", [False, True])
def test_roles_that_matter_to_the_database_are_told_and_no_others(*, turned: bool) -> None:
    pair, made = ((LIVE, MADE), (False, True)) if turned else ((MADE, LIVE), (True, False))
    assert {each.object for each in diff(*pair, made=made)} == OWN


def test_between_two_clusters_all_are_told() -> None:
    told = {each.object for each in diff(MADE, LIVE)}
    assert told == {*OWN, "boss", "postgres", '"of another database"'}
