"""What counts as noticed, as equivalent, as a survivor, and what is suggested, on catalogs made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract import AclIs, ColumnExists, PolicyPresent, RlsEnabled, RowCount, Suite, TableExists, TablesAre
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Role
from pgcontract.catalog.schemas import Schema
from pgcontract.catalog.views import View
from pgcontract.lifecycle.mutation import KINDS, Mutant, mutants, sampled
from pgcontract.lifecycle.mutation.document import SCHEMA, document
from pgcontract.lifecycle.mutation.edit import Edit
from pgcontract.lifecycle.mutation.score import Strength, Suggesting, Tally, ordered, strength, unnoticed
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.lifecycle.scope import Scope


def table(name: str, *columns: str, **values: Any) -> Relation:
    made = {column: Column(column, place, "integer") for place, column in enumerate(columns, 1)}
    return Relation(f"public.{name}", "table", "boss", made, **values)


POLICY = Policy("own", "ALL", permissive=True, roles=("PUBLIC",), using="(id = 1)")
PUBLIC = Grant("PUBLIC", "SELECT", grantable=False, grantor="boss")
KEY = Constraint("users_pkey", "PRIMARY KEY", ("id",), index="users_pkey")
TO_USERS = Constraint(
    "notes_fk", "FOREIGN KEY", ("id",), "public.users", ("id",), "NO ACTION", "CASCADE", match="SIMPLE"
)
USERS = table(
    "users",
    *("id", "name"),
    policies={"own": POLICY},
    rls_enabled=True,
    constraints={"users_pkey": KEY},
    indexes={"users_pkey": Index("users_pkey", "btree", ("id",), unique=True, primary=True, constraint="users_pkey")},
    grants=(PUBLIC,),
)
NOTES = table("notes", "id", "body", constraints={"notes_fk": TO_USERS})
SHOWN = replace(table("shown", "id"), kind="view")
CATALOG = Catalog(
    Server("app", "18.6", 180006, "boss", "boss"),
    schemas={"public": Schema("public", "boss")},
    relations={one.name: one for one in (NOTES, SHOWN, USERS)},
    roles={name: Role(name) for name in ("anon", "boss")},
    views={"public.shown": View("public.shown", " SELECT id\n   FROM public.users")},
)


def one(kind: str, object_: str, catalog: Catalog = CATALOG) -> Mutant:
    (found,) = (mutant for mutant in mutants(catalog, kinds=[kind]) if mutant.object == object_)
    return found


@pytest.mark.parametrize(
    ("kind", "object_", "expectations", "noticed"),
    [
        ("TableDropped", "public.users", [TableExists("users")], True),
        ("TableDropped", "public.users", [TableExists("notes")], False),
        ("TableDropped", "public.users", [TableExists("users", severity="warning")], False),
        ("TableDropped", "public.users", [ColumnExists("users", "id")], True),  # it is missing, and so reported
        ("TableDropped", "public.users", [ColumnExists("users", "id", severity="warning")], True),
        ("TableDropped", "public.users", [RowCount("users", at_least=0)], True),  # there is nothing to be counted
        ("ColumnDropped", "public.users.name", [ColumnExists("users", "name")], True),
        ("ColumnDropped", "public.users.name", [RowCount("users", at_least=0)], False),
        ("PolicyUsingTrue", "public.users.own", [PolicyPresent("users", "own", using="(id = 1)")], True),
        ("PolicyUsingTrue", "public.users.own", [PolicyPresent("users", "own")], False),
        ("TableAdded", "public.a_mutant", [TablesAre(["notes", "users"])], True),
        ("TableAdded", "public.a_mutant", [TableExists("users"), TableExists("notes")], False),
        ("RlsDisabled", "public.users", [RlsEnabled("notes")], False),  # it fails before and after
    ],
)
def test_noticed(kind: str, object_: str, expectations: list[Any], *, noticed: bool) -> None:
    mutant = one(kind, object_)
    watch = Watch(Suite("s", expectations), CATALOG)
    assert watch.notices(mutant) is noticed
    assert watch.notices_in_full(mutant) is noticed


def test_what_is_ignored_is_not_noticed() -> None:
    suite = Suite("s", [TableExists("users")])
    assert Watch(suite, CATALOG).notices(one("TableDropped", "public.users"))
    ignoring = suite.ignoring("public.users", because="it comes and goes")
    assert not Watch(ignoring, CATALOG).notices(one("TableDropped", "public.users"))


def test_only_what_is_new_is_noticed() -> None:
    """The table's absence is known; that another one goes, too, is new."""
    watch = Watch(Suite("s", [TableExists("gone"), TableExists("users")]), CATALOG)
    assert list(watch.broken) == [0]
    assert not watch.notices(one("TableDropped", "public.notes"))
    assert watch.notices(one("TableDropped", "public.users"))


@pytest.mark.parametrize(
    ("kind", "object_", "gone"),
    [
        ("TableDropped", "public.users", {"relations public.users", "relations public.shown", "constraints notes_fk"}),
        ("PrimaryKeyDropped", "public.users.users_pkey", {"constraints notes_fk"}),
        ("ColumnDropped", "public.users.id", {"relations public.shown", "constraints notes_fk"}),
        ("ColumnDropped", "public.users.name", set()),
        ("ViewDropped", "public.shown", {"relations public.shown"}),
    ],
)
def test_what_hangs_on_it_goes_along(kind: str, object_: str, gone: set[str]) -> None:
    after = one(kind, object_).catalog
    lost = {f"relations {name}" for name in CATALOG.relations.keys() - after.relations.keys()}
    if "notes_fk" not in after.relations["public.notes"].constraints:
        lost.add("constraints notes_fk")
    assert lost == gone


def test_a_new_name_is_known_to_what_refers_to_it() -> None:
    after = one("TableRenamed", "public.users").catalog
    assert after.relations["public.notes"].constraints["notes_fk"].references == "public.users_was"
    assert after.views["public.shown"].definition.endswith("FROM public.users_was")
    renamed = one("ColumnRenamed", "public.notes.id").catalog
    assert list(renamed.relations["public.notes"].columns) == ["id_was", "body"]
    assert renamed.relations["public.notes"].constraints["notes_fk"].columns == ("id_was",)


def test_a_survivor_comes_with_the_smallest_expectation_that_would_notice() -> None:
    found = strength(Suite("s", [TableExists("users")]), CATALOG, mutants(CATALOG, kinds=["RlsDisabled"]))
    (survivor,) = found.survivors
    assert survivor.suggestion == RlsEnabled("public.users")
    assert found.suggestions == (survivor.suggestion,)
    stronger = Suite("s", found.suggestions)
    assert strength(stronger, CATALOG, mutants(CATALOG, kinds=["RlsDisabled"])).total.score == 100


def test_a_change_of_nothing_is_not_counted() -> None:
    open_ = replace(POLICY, using="true")
    catalog = replace(CATALOG, relations={**CATALOG.relations, USERS.name: replace(USERS, policies={"own": open_})})
    found = strength(Suite("s"), catalog, mutants(catalog, kinds=["PolicyUsingTrue", "PolicyUsingFalse"]))
    assert (found.total.mutants, found.total.equivalent, len(found.survivors)) == (2, 1, 1)
    assert found.equivalents[0][1] == "the database is the same afterwards"


def test_what_public_has_is_no_gain() -> None:
    gains = mutants(CATALOG, kinds=["TableGranted"])
    gain = next(mutant for mutant in gains if mutant.change == "anon gets SELECT on public.users")
    assert gain.void == "anon has it through PUBLIC"
    found = Strength("s", "app")
    unnoticed(found, gain, Suggesting(CATALOG, Scope()), Watch(Suite("s"), CATALOG))
    assert (found.total.equivalent, found.survivors) == (1, [])
    told = strength(Suite("s", [AclIs("table", "users", {"PUBLIC": "SELECT"})]), CATALOG, [gain])
    assert (told.total.killed, told.total.equivalent) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "void"),
    [
        ("RoleAdded", "it belongs to the server, and was granted nothing here"),
        ("PolicyCheckDropped", "its USING says the same"),
    ],
)
def test_what_changes_nothing_in_effect_is_known(kind: str, void: str) -> None:
    said = replace(POLICY, with_check=POLICY.using)
    catalog = replace(CATALOG, relations={**CATALOG.relations, USERS.name: replace(USERS, policies={"own": said})})
    found = strength(Suite("s"), catalog, mutants(catalog, kinds=[kind]))
    assert [why for _, why in found.equivalents] == [void]
    assert found.total.score == 100


def test_scores() -> None:
    assert Tally().score == 100
    assert Tally(4, 1, 2).score == 50
    assert [name for name, _ in ordered({"a": Tally(2, 2), "b": Tally(2, 1), "c": Tally(4, 2), "d": Tally(2, 1)})] == [
        *("c", "b", "d", "a")
    ]


def test_a_sample_gives_each_kind_its_share_and_is_the_same_again() -> None:
    every = list(mutants(CATALOG))
    some = sampled(every, 30, 7)
    assert len(some) == 30
    assert len({mutant.kind for mutant in some}) == min(30, len({mutant.kind for mutant in every}))
    assert some == sampled(every, 30, 7) != sampled(every, 30, 8)
    assert sampled(every, None, 0) == sampled(every, 10_000, 0) == every


def test_the_document_is_as_its_schema_says() -> None:
    found = strength(Suite("s", [TableExists("users")]), CATALOG, mutants(CATALOG))
    found.failed.append((one("TableDropped", "public.users"), "no"))
    shown = document(found)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(shown)
    assert shown["mutants"] == shown["killed"] + shown["equivalent"] + len(shown["survivors"])
    assert sum(tally["mutants"] for tally in shown["nouns"].values()) == shown["mutants"]


def test_an_edit_says_what_it_changes() -> None:
    edit = Edit(CATALOG)
    assert edit.is_void
    edit.part("public.users", "columns", "name", replace(USERS.columns["name"], not_null=True))
    assert not edit.is_void
    assert set(edit.changed()) == {
        ("relations", "public.users", "columns", "*"),
        ("relations", "public.users", "columns", "name"),
    }
    edit.put("relations", "public.notes", None)
    assert {("relations", "public.notes"), ("relations", "*")} <= set(edit.changed())
    assert "public.notes" not in edit.catalog().tables
    assert edit.catalog().relations["public.shown"] is CATALOG.relations["public.shown"]


def test_scope_and_kinds_narrow_what_is_changed() -> None:
    assert {mutant.relation for mutant in mutants(CATALOG, Scope(only=("notes",))) if mutant.relation} == {
        "public.notes"
    }
    assert {mutant.kind for mutant in mutants(CATALOG, kinds=["TableDropped"])} == {"TableDropped"}
    with pytest.raises(KeyError):
        list(mutants(CATALOG, kinds=["TableEaten"]))
    assert len(KINDS) > 200
