"""What a contract promises, for people: table by table, each promise once, with its present verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from pgcontract import (
    AclIs,
    CheckConstraint,
    ColumnDefault,
    ColumnExists,
    ColumnIdentity,
    ColumnNotNull,
    ColumnNullable,
    ColumnsAre,
    ColumnType,
    CommentIs,
    Expectation,
    ExtensionInstalled,
    ForeignKey,
    ForeignKeysIndexed,
    FunctionPresent,
    OwnerIs,
    PolicyPresent,
    PrimaryKey,
    PrivilegeGranted,
    RlsBlocksAnon,
    RoleExists,
    RowCount,
    Suite,
    TableExists,
    TableStorage,
    ViewExists,
)
from pgcontract.lifecycle.site.promises import Promises, promised
from pgcontract.lifecycle.site.standing import standing
from pgcontract.report.document import Level, arrange
from pgcontract.report.words.pieces import plain
from pgcontract.verdict import Report

from .conftest import judged, runs


def told(*expectations: Expectation, broken: tuple[int, ...] = ()) -> Promises:
    suite = Suite("shop", expectations)
    (report,) = runs((), suite=suite)
    return promised(arrange(replace(report, outcomes=judged(suite, broken))))


def test_every_promise_stands_once_and_in_the_order_of_the_suite() -> None:
    suite = [
        TableExists("users"), ColumnType("users", "id", "uuid"), PrimaryKey("users", "id"),
        CheckConstraint("users", "id is not null"), RowCount("users", at_least=1), RlsBlocksAnon("users"),
        TableStorage("users"), TableExists("orders"), ViewExists("latest"), RoleExists("anon"), FunctionPresent("f()"),
        ExtensionInstalled("vector"), ForeignKeysIndexed(),
    ]  # fmt: skip
    found = told(*suite, broken=(4, 10))
    every = [
        promise.entry.outcome.kind
        for sections in (*(sheet.sections for sheet in found.sheets), found.others)
        for section in sections
        for promise in section.promises
    ]
    assert Counter(every) == Counter(each.kind for each in suite)
    assert [sheet.name for sheet in found.sheets] == ["public.latest", "public.orders", "public.users"]
    assert {sheet.name: sheet.noun for sheet in found.sheets} == {
        "public.latest": "view", "public.orders": "table", "public.users": "table",
    }  # fmt: skip
    users = found.sheets[-1]
    assert [(section.title, section.folded, section.level) for section in users.sections] == [
        ("Columns", True, "passed"),
        ("Keys and constraints", False, "passed"),
        ("What its rows hold", False, "broken"),
        ("Row-level security", False, "passed"),
        ("Storage and the rest", True, "passed"),
    ]
    assert [section.title for section in found.others] == [
        "Functions", "Roles", "Schemas and extensions", "Rules for whole schemas",
    ]  # fmt: skip
    assert users.levels == {"broken": 1, "passed": 6}
    assert dict(found.kinds)["TableExists"] == "The table <table> exists."


@pytest.mark.parametrize(
    ("expectations", "expected"),
    [
        ([ColumnExists("t", "a")], ("a", None, None, None, [], [])),
        ([ColumnType("t", "a", "uuid")], ("a", "uuid", None, None, [], [])),
        ([ColumnNotNull("t", "a")], ("a", None, False, None, [], [])),
        ([ColumnNullable("t", "a")], ("a", None, True, None, [], [])),
        ([ColumnDefault("t", "a", "now()")], ("a", None, None, "now()", [], [])),
        ([ColumnDefault("t", "a", None)], ("a", None, None, "", [], [])),
        ([ColumnIdentity("t", "a", "ALWAYS")], ("a", None, None, "GENERATED ALWAYS AS IDENTITY", [], [])),
        ([ColumnExists("t", "Odd name")], ('"Odd name"', None, None, None, [], [])),
        ([ColumnExists("t", "a"), PrimaryKey("t", "a")], ("a", None, None, None, ["PK"], [])),
        (
            [ColumnExists("t", "a"), ForeignKey("t", "a", "u(id)")],
            ("a", None, None, None, ["FK"], ["public.u(id)"]),
        ),
    ],
)
def test_a_column_is_as_far_known_as_the_contract_speaks_of_it(
    expectations: list[Expectation], expected: tuple[object, ...]
) -> None:
    (sheet,) = told(*expectations).sheets
    (column,) = sheet.columns
    assert (
        column.name, column.type, column.nullable, column.default, list(column.keys), list(column.references),
    ) == expected  # fmt: skip


def test_columns_come_as_the_table_has_them_and_with_their_worst_verdict() -> None:
    (sheet,) = told(
        ColumnType("t", "b", "int"),
        ColumnNotNull("t", "b"),
        ColumnExists("t", "a"),
        ColumnsAre("t", ["a", "b"]),
        broken=(1,),
    ).sheets
    assert [(column.name, column.level) for column in sheet.columns] == [("a", "passed"), ("b", "broken")]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (
            {"command": "SELECT", "roles": "authenticated", "permissive": True, "using": "user_id = auth.uid()"},
            "authenticated may read rows where user_id is the caller's id",
        ),
        (
            {"command": "INSERT", "roles": "public", "permissive": True, "with_check": "true"},
            "Everybody may add any row",
        ),
        (
            {"command": "ALL", "roles": "a", "permissive": False, "using": "x > 1"},
            "Whatever other policies allow, a may read, add, change and delete only rows where x is greater than 1",
        ),
        # What is left open is not said.
        ({"command": "SELECT", "roles": "a", "using": "x > 1"}, None),
        ({"command": "SELECT", "permissive": True, "using": "x > 1"}, None),
        ({"roles": "a", "permissive": True, "using": "x > 1"}, None),
        ({"command": "SELECT", "roles": "a", "permissive": True}, None),
    ],
)
def test_a_policy_is_said_in_words_as_far_as_they_are_true(policy: dict[str, object], words: str | None) -> None:
    (sheet,) = told(PolicyPresent("t", "p", **policy)).sheets  # type: ignore[arg-type]
    (section,) = sheet.sections
    found = section.promises[0].policy
    assert (None if found is None else plain(found.words)) == words


def test_the_small_print_stands_apart() -> None:
    (sheet,) = told(PrimaryKey("t", ["id"], deferrable=False)).sheets
    (promise,) = sheet.sections[0].promises
    assert "".join(piece.text for piece in promise.said.words) == "The primary key of public.t is (id)"
    assert promise.said.rest == "deferrable no"


def test_the_comment_and_the_tags_that_all_have_stand_at_the_head() -> None:
    (sheet,) = told(
        TableExists("t", tags=["core"]),
        ColumnExists("t", "a", tags=["core", "keys"]),
        CommentIs("table", "public.t", "who is who", tags=["core"]),
        CommentIs("column", "a", "which", of="t", tags=["core"]),
    ).sheets
    assert (sheet.comment, sheet.tags) == ("who is who", ("core",))
    assert [promise.tags for section in sheet.sections for promise in section.promises] == [(), ("keys",), (), ()]
    assert [column.comment for column in sheet.columns] == ["which"]


def test_what_is_said_of_a_table_or_function_by_its_name_stands_with_it() -> None:
    """As saved reports have it, whose outcomes do not say that they belong to the table."""
    suite = Suite(
        "shop",
        [
            TableExists("t"),
            AclIs("table", "public.t", {"anon": ["SELECT"]}),
            OwnerIs("table", "public.other", "postgres"),
            FunctionPresent("f(int)"),
            FunctionPresent("g()"),
            CommentIs("function", "public.f(int)", "what f does"),
            PrivilegeGranted("anon", ["EXECUTE"], function="g()"),
        ],
    )
    table, *others = judged(suite)
    (report,) = runs((), suite=suite)
    found = promised(arrange(replace(report, outcomes=(table, *(replace(one, relation=None) for one in others)))))
    (sheet,) = found.sheets
    assert [section.title for section in sheet.sections] == ["Columns", "Privileges"]
    assert [section.title for section in found.others] == ["Functions", "Privileges"]
    assert [(name, len(inside)) for name, inside in found.others[0].groups] == [("public.f(int)", 2), ("public.g()", 2)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["passed", "broken", "warning"], "broken"),
        (["passed", "skipped"], "passed"),
        (["skipped", "info", "ignored"], "info"),
        (["skipped", "ignored"], "skipped"),
        ([], "passed"),
    ],
)
def test_what_was_skipped_says_nothing_where_anything_was_judged(levels: list[Level], expected: Level) -> None:
    assert standing(levels) == expected


def test_a_report_of_nothing_promises_nothing() -> None:
    (report,) = runs((), suite=Suite("empty", []))
    assert isinstance(report, Report)
    assert promised(arrange(report)) == Promises((), (), ())
