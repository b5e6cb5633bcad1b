"""Policies in words say no more and no less than their SQL, and what has no such words is shown as the SQL it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.functions import Function
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.snapshot import read as read_catalog
from pgcontract.catalog.triggers import Trigger
from pgcontract.report.words.conditions import condition
from pgcontract.report.words.policies import in_words
from pgcontract.report.words.reading import read
from pgcontract.report.words.scanner import one_line
from pgcontract.report.words.triggers import fires
from pgcontract.report.words.values import Sight

if TYPE_CHECKING:
    from pgcontract.report.words.pieces import Words

COLUMNS = {
    name: Column(name, number, kind, not_null=name in {"id", "kind"})
    for number, (name, kind) in enumerate(
        [("id", "uuid"), ("kind", "text"), ("status", "text"), ("readers", "uuid[]"), ("open", "boolean")], 1
    )
}
SERVER = Server("app", "18.6", 180006, "app", "app")
DOCS = Relation("public.docs", "table", "app", columns=COLUMNS)
CATALOG = Catalog(SERVER, relations={"public.docs": DOCS})

MEMBER = "EXISTS ( SELECT 1\n   FROM public.members m\n  WHERE ((m.doc_id = docs.id) AND (m.user_id = auth.uid())))"
MEMBER_SAID = "row of `public.members` whose `doc_id` is this row's `id` and whose `user_id` is the caller's id"
JOINED_SAID = (
    "combination of rows `x` of `public.a` and `y` of `public.b` such that `y.id` equals `x.b` and `x.doc` is this "
    "row's `id`"
)


def shown(words: Words) -> str:
    """Code between backticks, SQL that was not understood between double ones."""
    marks = {(False, False): "", (True, False): "`", (True, True): "``"}
    return "".join(f"{marks[p.code, p.raw]}{p.text}{marks[p.code, p.raw]}" for p in words)


def said(sql: str, catalog: Catalog = CATALOG) -> str:
    return shown(condition(read(sql), Sight(catalog, "public.docs")))


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("(user_id = auth.uid())", "`user_id` is the caller's id"),
        ("(auth.uid() = user_id)", "`user_id` is the caller's id"),
        ("(( SELECT auth.uid() AS uid) = user_id)", "`user_id` is the caller's id"),
        ("((user_id)::text = (auth.uid())::text)", "`user_id` is the caller's id"),
        ("(user_id = ((auth.jwt() ->> 'sub'::text))::uuid)", "`user_id` is the caller's id"),
        ("(auth.uid() IS NOT NULL)", "the caller is signed in"),
        ("(auth.role() = 'service_role'::text)", "the caller's role is `'service_role'`"),
        (
            "(org_id = (((auth.jwt() -> 'app_metadata'::text) ->> 'org'::text))::uuid)",
            "`org_id` is the caller's claim `app_metadata.org`",
        ),
        (
            "(tenant = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::integer)",
            "`tenant` is the setting `app.tenant`",
        ),
        (
            "(tenant = NULLIF(current_setting('app.tenant'::text, true), ''::text))",
            "`tenant` is the setting `app.tenant` (unless that is empty)",
        ),
        (
            "((NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid IS NULL)",
            "the setting `app.tenant` is unset (or empty)",
        ),
        ("(owner = CURRENT_USER)", "`owner` is the current role"),
        ("pg_has_role(CURRENT_USER, 'staff'::name, 'member'::text)", "the current role is a member of `staff`"),
        ("(expires_at > now())", "`expires_at` is after now"),
        ("(price >= (10)::numeric)", "`price` is at least `10`"),
        ("(deleted_at IS NULL)", "`deleted_at` is unset"),
        ("open", "`open` is true"),
        ("(NOT open)", "`open` is false"),
        ("(open IS NOT TRUE)", "`open` is false (or unset)"),
        ("COALESCE(open, false)", "`open` is true"),
        ("(NOT COALESCE(open, false))", "`open` is false (or unset)"),
        # NULL is neither, so a nullable column must be set to differ
        ("(kind <> 'x'::text)", "`kind` is not `'x'`"),
        ("(status <> 'x'::text)", "`status` is set and is not `'x'`"),
        ("(NOT (status = 'x'::text))", "`status` is set and is not `'x'`"),
        ("(status = ANY (ARRAY['a'::text, 'b'::text]))", "`status` is one of `'a'` and `'b'`"),
        ("(status <> ALL (ARRAY['a'::text, 'b'::text]))", "`status` is set and is none of `'a'` and `'b'`"),
        ("(NOT (org IS DISTINCT FROM parent))", "`org` is (or is unset like) `parent`"),
        ("(auth.uid() = ANY (readers))", "`readers` contains the caller's id"),
        ("(readers @> ARRAY[auth.uid()])", "`readers` contains the caller's id"),
        ("app.is_member(org_id)", "``app.is_member(org_id)`` is true"),
        ("(name ~~ 'x%'::text)", "`name` matches the pattern `'x%'`"),
        (
            MEMBER,
            f"there is a {MEMBER_SAID}",
        ),
        (
            f"(NOT ({MEMBER}))",
            f"there is no {MEMBER_SAID}",
        ),
        # the classical slip: both sides are the looked-up row's own
        (
            "(EXISTS ( SELECT 1 FROM public.members m WHERE (m.doc_id = m.doc_id)))",
            "there is a row of `public.members` whose `doc_id` is its own `doc_id`",
        ),
        (
            "(org_id IN ( SELECT m.org_id FROM public.members m WHERE (m.user_id = auth.uid())))",
            "`org_id` is the `org_id` of a row of `public.members` whose `user_id` is the caller's id",
        ),
        ("(org_id IN ( SELECT app.my_orgs() AS my_orgs))", "`org_id` is among what `app.my_orgs()` returns"),
        (
            "(EXISTS ( SELECT 1 FROM (public.a x JOIN public.b y ON ((y.id = x.b))) WHERE (x.doc = docs.id)))",
            f"there is a {JOINED_SAID}",
        ),
        (
            "(EXISTS ( SELECT 1 FROM public.homes h WHERE (starts_with(docs.path, h.name))))",
            "there is a row of `public.homes` (here `h`) for which ``starts_with(docs.path, h.name)`` is true",
        ),
        # what belongs to what
        ("((a = 1) AND ((b = 2) OR (c = 3)))", "`a` is `1`, and either `b` is `2` or `c` is `3`"),
        ("(((b = 2) OR (c = 3)) AND (a = 1))", "`a` is `1`, and either `b` is `2` or `c` is `3`"),
        ("((a = 1) OR ((b = 2) AND (c = 3)))", "`a` is `1`, or both `b` is `2` and `c` is `3`"),
        (
            "((a = 1) AND ((b = 2) OR ((c = 3) AND ((d = 4) OR (e = 5)))))",
            "`a` is `1`, and either `b` is `2`, or ``(c = 3) AND ((d = 4) OR (e = 5))``",
        ),
    ],
)
def test_conditions(sql: str, words: str) -> None:
    assert said(sql) == words


@pytest.mark.parametrize(
    "sql",
    [
        "(a = NULL::text)",
        "((a)::character varying(3) = (b)::character varying(3))",  # cut off
        "(NOT (a > 1))",  # NULL is not greater, nor not greater
        "(NOT (org IN ( SELECT m.org FROM public.members m)))",
        "(status <> parent)",  # either may be NULL
        "(EXISTS ( SELECT max(m.id) AS max FROM public.members m))",  # an aggregate always selects a row
        "(org IN ( SELECT max(m.org) AS max FROM public.members m))",
        "(EXISTS ( SELECT 1 FROM (public.a LEFT JOIN public.b ON ((b.id = a.b)))))",
        "(EXISTS ( SELECT 1 FROM public.members m GROUP BY m.org))",
        "(EXISTS ( SELECT 1 FROM public.members m LIMIT 0))",
        "(EXISTS ( SELECT app.my_orgs() AS my_orgs))",
        "(EXISTS ( SELECT 1 FROM ONLY public.members m))",
        "(org = ALL ( SELECT m.org FROM public.members m))",
        "(name ~~ (current_setting('app.prefix'::text) || '%'::text))",
        "(status COLLATE \"C\" = 'x'::text)",
        "(path OPERATOR(extensions.@>) other)",
        "CASE WHEN a THEN b ELSE c END",
        "(lower(a) = lower(b))",
    ],
)
def test_what_has_no_exact_words_stays_sql(sql: str) -> None:
    assert said(sql) == f"``{one_line(sql)}``"


def test_a_function_that_only_bears_the_name_is_not_taken_for_the_platforms() -> None:
    fake = Function("auth.uid", (), "function", "sql", "app", source="select '…'::uuid")
    catalog = Catalog(SERVER, relations={"public.docs": DOCS}, functions={"auth.uid()": fake})
    assert said("(user_id = auth.uid())", catalog) == "`user_id` equals `auth.uid()`"


OWN = "(user_id = auth.uid())"
A = ("a",)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Policy("p", "SELECT", True, ("authenticated",), OWN), "`authenticated` may read rows where {own}"),
        (Policy("p", "SELECT", True, ("PUBLIC",), "true"), "everybody may read all rows"),
        (Policy("p", "SELECT", True, ("a", "b"), "false"), "`a` and `b` may read no row by it"),
        (Policy("p", "INSERT", True, A, None, OWN), "`a` may add rows where {own}"),
        (Policy("p", "INSERT", True, A, None, "true"), "`a` may add any row"),
        (Policy("p", "DELETE", True, A, OWN), "`a` may delete rows where {own}"),
        (Policy("p", "UPDATE", True, A, OWN), "`a` may change rows where {own}, and must leave them so"),
        (Policy("p", "UPDATE", True, A, OWN, OWN), "`a` may change rows where {own}, and must leave them so"),
        (
            Policy("p", "UPDATE", True, A, OWN, "true"),
            "`a` may change rows where {own}; afterwards the row may be any",
        ),
        (
            Policy("p", "UPDATE", True, A, OWN, "(NOT locked)"),
            "`a` may change rows where {own}; afterwards the row must be one where `locked` is false",
        ),
        (Policy("p", "ALL", True, A, OWN), "`a` may read, add, change and delete rows where {own}"),
        (
            Policy("p", "ALL", True, A, "true", OWN),
            "`a` may read, change and delete all rows; a row that is added or changed must be one where {own}",
        ),
        (Policy("p", "SELECT", True, A), "`a` may read no row by it, as it has no USING condition"),
        (Policy("p", "SELECT", False, A, OWN), "whatever other policies allow, `a` may read only rows where {own}"),
        (Policy("p", "DELETE", False, A, "false"), "`a` may delete no row, whatever other policies allow"),
        (Policy("p", "DELETE", False, A, "true"), "which rows `a` may delete is not restricted by it"),
    ],
)
def test_policies(policy: Policy, words: str) -> None:
    assert shown(in_words(policy, "public.docs", CATALOG)) == words.format(own="`user_id` is the caller's id")


def test_postgres_agrees_about_what_is_left_out(database: str) -> None:
    """A permissive policy without a condition lets nobody in; a restrictive one holds nobody back."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "create table t (id int); insert into t values (1); grant select, insert on t to "
            "pg_monitor; alter table t enable row level security; create policy p on t for select;"
            "create policy i on t for insert"
        )
        catalog = read_catalog(connection)
        relation = catalog.relations["public.t"]
        for policy in relation.policies.values():
            assert "no row by it" in shown(in_words(policy, "public.t", catalog))
        connection.execute("set role pg_monitor")
        assert connection.execute("select count(*) from t").fetchall() == [(0,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("insert into t values (2)")
        connection.execute(
            "reset role; alter policy p on t using (true); create policy r on t as restrictive for select"
        )
        connection.execute("set role pg_monitor")
        assert connection.execute("select count(*) from t").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (
            Trigger("t", "BEFORE", ("INSERT", "UPDATE"), "ROW", "public.touch"),
            "before insert or update, for each row: `public.touch()`",
        ),
        (
            Trigger("t", "AFTER", ("UPDATE",), "STATEMENT", "f", A, ("x'y",), when="(new.a > 0)", enabled="DISABLED"),
            "after update (update of `a`), for the statement: `f('x''y')`, where `new.a > 0`; it is disabled",
        ),
    ],
)
def test_triggers(trigger: Trigger, words: str) -> None:
    assert shown(fires(trigger)) == words


KNOWN = [MEMBER, OWN, "((a = 1) AND ((b = 2) OR (c = 3)))", "(x = ANY (ARRAY['a'::text, 'b''c'::text]))", "(a IS NULL)"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(KNOWN),
    st.integers(0, 90),
    st.integers(0, 6),
    st.sampled_from(["", "(", ")", "'", " OR ", "::", "["]),
)
def test_whatever_the_text_is_there_are_words(text: str, at: int, gone: int, put: str) -> None:
    mangled = text[:at] + put + text[at + gone :]
    assert said(mangled)


def test_sql_in_one_line_keeps_what_is_quoted() -> None:
    assert one_line("(a = 'x\n  y'::text)") == "a = 'x\n  y'::text"
    assert one_line("((a)  OR\n (b))") == "(a) OR (b)"
    assert not re.search(r"\n", one_line(MEMBER))
