"""Two versions of Postgres differ by themselves: nothing of that is reported, and all of what is not so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.forms import CheckForm, Form
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Role
from pgcontract.catalog.schemas import Schema
from pgcontract.catalog.view_forms import ViewForm
from pgcontract.catalog.views import View
from pgcontract.lifecycle.diff import diff
from pgcontract.lifecycle.diff.questions import questions_of
from pgcontract.lifecycle.diff.spelling import UNASKED, bare

if TYPE_CHECKING:
    from collections.abc import Callable

# What `odd.sql` has in a part for servers since a version, so that older ones have it not.
SINCE = {
    14: r"odd\.(expressions|one_expression|standard\(.*|outproc\(.*|\"returning\"\(.*)$",
    15: r"(odd_filtered|odd_schemas|i_nnd|u_nnd|fk6|odd\.invoker)$",
    18: r"(columns\.virtual|c_ne|fk_ne|odd\.booked|odd\.stay)$",
}
GRANTED_SINCE = re.compile(r"member of (odd_group|odd_owner|pg_\w+)")


@pytest.mark.parametrize(("older", "newer"), [(13, 15), (13, 18), (14, 15), (14, 18), (15, 18), (16, 18), (17, 18)])
def test_nothing_differs_but_what_the_script_makes_for_newer_ones(
    odd: Callable[[int], Catalog], older: int, newer: int
) -> None:
    for left, right in ((older, newer), (newer, older)):
        found = diff(odd(left), odd(right))
        known = "|".join(pattern for since, pattern in SINCE.items() if since > older)
        unknown = [
            each
            for each in found
            if not (re.search(known, each.object) or (each.kind == "role" and GRANTED_SINCE.match(each.property)))
        ]
        assert not unknown


VIEWS = [
    ("SELECT t.id FROM s.t", "SELECT id FROM s.t", True),
    ("SELECT t.id\n   FROM s.t\n  WHERE (t.n > 1)", "SELECT id\n   FROM s.t\n  WHERE (n > 1)", True),
    ("SELECT u.id FROM s.t u", "SELECT id FROM s.t u", True),
    ('SELECT "T".id FROM s."T" GROUP BY "T".id', 'SELECT id FROM s."T" GROUP BY id', True),
    ("SELECT EXTRACT(day FROM t.at) AS d FROM s.t", "SELECT EXTRACT(day FROM at) AS d FROM s.t", True),
    (
        "SELECT t.id, ( SELECT max(x.id) AS max FROM s.t x WHERE (x.id < t.id)) AS m FROM s.t",
        "SELECT id, ( SELECT max(x.id) AS max FROM s.t x WHERE (x.id < t.id)) AS m FROM s.t",
        True,
    ),
    ("SELECT t.id FROM s.t WHERE (t.n > 1)", "SELECT id FROM s.t WHERE (n > 2)", False),
    ("SELECT t.id FROM s.t WHERE (t.a = 't.b'::text)", "SELECT id FROM s.t WHERE (a = 'b'::text)", False),
    ("SELECT t.id FROM s.t", "SELECT id FROM s.u", False),
    ("SELECT t.f(t.id) AS f FROM t.t", "SELECT f(id) AS f FROM t.t", False),
    ("SELECT (t.id)::t.mood AS m FROM t.t", "SELECT (id)::mood AS m FROM t.t", False),
    ("SELECT (t.id OPERATOR(t.=) 1) AS m FROM t.t", "SELECT (id OPERATOR(=) 1) AS m FROM t.t", False),
    ("SELECT t.id FROM (s.t JOIN s.u ON (t.id = u.id))", "SELECT id FROM (s.t JOIN s.u ON (t.id = u.id))", False),
    (
        "SELECT t.id FROM s.t WHERE (EXISTS ( SELECT 1 FROM s.u WHERE (u.id = t.id)))",
        "SELECT id FROM s.t WHERE (EXISTS ( SELECT 1 FROM s.u WHERE (u.id = id)))",
        False,
    ),
]


def holding(definition: str, version: int) -> Catalog:
    return Catalog(
        Server("db", f"{version}.1", version * 10000 + 1, "o", "o"),
        relations={"s.v": Relation("s.v", "view", "o")},
        views={"s.v": View("s.v", definition)},
    )


@pytest.mark.parametrize(("older", "newer", "same"), VIEWS)
def test_a_view_of_one_relation_is_the_same_without_its_name_and_no_other_is(
    older: str, newer: str, *, same: bool
) -> None:
    left, right = holding(older, 15), holding(newer, 16)
    assert (diff(left, right) == ()) == (diff(right, left) == ()) == same
    assert diff(holding(older, 16), right) != ()  # both write it the new way


def test_what_cannot_be_read_is_taken_literally() -> None:
    assert bare("SELECT 1") == ["SELECT", "1"]
    (found,) = diff(holding("SELECT 'a", 15), holding("SELECT 'b", 16))
    assert found.hint == UNASKED


@pytest.mark.parametrize(
    ("side", "answer", "same"),
    [("left", "SELECT btrim(a)", True), ("right", "SELECT TRIM(BOTH FROM a)", True), ("left", "SELECT 1", False)],
)
def test_a_server_that_would_store_the_other_s_text_as_its_own_says_the_same(
    side: str, answer: str, *, same: bool
) -> None:
    catalogs = {"left": holding("SELECT btrim(a)", 13), "right": holding("SELECT TRIM(BOTH FROM a)", 18)}
    asked = dict(zip(("left", "right"), questions_of(catalogs["left"], catalogs["right"]), strict=True))
    assert asked == {
        "left": [ViewForm("SELECT TRIM(BOTH FROM a)", "s.v")],
        "right": [ViewForm("SELECT btrim(a)", "s.v")],
    }
    catalogs[side] = replace(catalogs[side], forms={asked[side][0]: answer})
    found = diff(catalogs["left"], catalogs["right"])
    assert (found == ()) == same
    assert not any(each.hint for each in found)


def test_nobody_is_asked_of_one_version() -> None:
    assert questions_of(holding("SELECT 1", 18), holding("SELECT 2", 18)) == ([], [])


def public(version: int, owner: str, *grants: tuple[str, str], superuser: bool = True) -> Catalog:
    held = [*grants, (owner, "CREATE"), (owner, "USAGE"), ("PUBLIC", "USAGE")]
    return Catalog(
        Server("db", f"{version}.1", version * 10000 + 1, "o", "o"),
        schemas={"public": Schema("public", owner, tuple(sorted(Grant(*each, False, owner) for each in held)))},
        roles={owner: Role(owner, superuser=superuser)},
    )


OPEN = ("PUBLIC", "CREATE")
PRIVILEGES = {
    "as they come": (public(14, "postgres", OPEN), public(15, "pg_database_owner"), []),
    "granted to who owned it": (
        public(13, "postgres", OPEN),
        public(18, "pg_database_owner", ("postgres", "USAGE"), ("postgres", "CREATE")),
        [],
    ),
    "open on both": (public(14, "postgres", OPEN), public(18, "pg_database_owner", OPEN), []),
    "opened": (public(14, "postgres"), public(18, "pg_database_owner", OPEN), ["privileges of PUBLIC"]),
    "granted": (
        public(14, "postgres", OPEN),
        public(18, "pg_database_owner", ("anon", "CREATE")),
        ["privileges of anon"],
    ),
    "somebody's own": (public(14, "app", superuser=False), public(18, "pg_database_owner"), ["owner"]),
}


@pytest.mark.parametrize("case", PRIVILEGES)
def test_who_may_use_public_is_told_where_it_is_no_matter_of_the_version(case: str) -> None:
    older, newer, expected = PRIVILEGES[case]
    for pair in ((older, newer), (newer, older)):
        assert [each.property for each in diff(*pair) if each.object == "public"] == expected


SINCE_14 = "(EXTRACT(year FROM a) = ANY (ARRAY[(1)::numeric, (2)::numeric]))"
BEFORE_14 = "(date_part('year'::text, a) = ANY (ARRAY[(1)::double precision, (2)::double precision]))"
WRITTEN = CheckForm("(EXTRACT(year FROM a) IN (1, 2))", "s.t")


def checked(expression: str, version: int, forms: dict[Form, str] | None = None) -> Catalog:
    checks = {"c": Constraint("c", "CHECK", expression=expression)}
    return Catalog(
        Server("db", f"{version}.1", version * 10000 + 1, "o", "o"),
        relations={"s.t": Relation("s.t", "table", "o", constraints=checks)},
        forms=forms or {},
    )


@pytest.mark.parametrize(("answer", "same"), [(SINCE_14, True), ("(a = 1)", False), (None, False)])
def test_two_servers_that_make_what_they_hold_of_one_text_say_the_same(answer: str | None, *, same: bool) -> None:
    """Neither server makes what it holds of the other's `extract`, but each of what the author wrote."""
    older, newer = checked(BEFORE_14, 13), checked(SINCE_14, 18)
    assert all(WRITTEN in asked for asked in questions_of(older, newer))
    answers: dict[Form, str] = {} if answer is None else {WRITTEN: answer}
    older = replace(older, forms={WRITTEN: BEFORE_14})
    found = diff(older, replace(newer, forms=answers))
    assert (found == ()) == same
    assert not any(WRITTEN in asked for asked in questions_of(checked(BEFORE_14, 14), newer))
