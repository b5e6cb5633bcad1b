"""What is missing fails once, and whatever needs it is skipped for that reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import (
    ColumnDefault,
    ColumnExists,
    ColumnNotNull,
    ColumnType,
    ForeignKey,
    FunctionCallable,
    FunctionPresent,
    IndexPresent,
    PoliciesAre,
    PolicyPresent,
    PrivilegeGranted,
    RlsBlocksAnon,
    RlsEnabled,
    RoleExists,
    RowCount,
    SchemaExists,
    Suite,
    TableExists,
    TriggerPresent,
    ValuesNotNull,
    verify,
)
from pgcontract.catalog import saved

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from pgcontract import Report
    from pgcontract.contract.expectation import Expectation

OF_A_TABLE = [
    ColumnExists("bills", "id"),
    ColumnType("bills", "id", "int"),
    ColumnNotNull("bills", "id"),
    ColumnDefault("bills", "id", "0"),
    ForeignKey("bills", "org", "orgs(id)"),
    ForeignKey("users", "org", "bills(id)"),
    IndexPresent("bills", "lower(id)"),
    PolicyPresent("bills", "p", using="id > 0"),
    PoliciesAre("bills", ["p"]),
    RlsEnabled("bills"),
    RlsBlocksAnon("bills", role="postgres"),
    TriggerPresent("bills", "t", when="new.id > 0"),
    PrivilegeGranted("postgres", "SELECT", table="bills"),
    RowCount("bills", at_least=1),
    ValuesNotNull("bills", "id"),
]


def run(expectations: Iterable[Expectation], connection: psycopg.Connection[Any]) -> Report:
    return verify(Suite("missing", expectations), connection, probes="rollback")


def failures(report: Report) -> list[str]:
    return [f"{outcome.kind} {outcome.subject}" for outcome in report.having("failed", "errored")]


@pytest.mark.parametrize("also", [[], [TableExists("bills")]], ids=["implied", "stated"])
def test_a_missing_table_is_one_failure(connection: psycopg.Connection[Any], also: list[Expectation]) -> None:
    report = run([*OF_A_TABLE, *also], connection)
    assert failures(report) == ["TableExists public.bills"] or failures(report) == ["RelationExists public.bills"]
    assert [outcome.implied for outcome in report.having("failed")] == [not also]
    skipped = list(report.having("skipped"))
    assert len(skipped) == len(OF_A_TABLE)
    for outcome in skipped:
        assert outcome.reason is not None
        assert "public.bills, which does not exist" in outcome.reason
    assert not report.passed


@pytest.mark.parametrize(
    ("expectations", "failed"),
    [
        ([TableExists("app.a"), ColumnExists("app.a", "x"), FunctionPresent("app.f()")], ["SchemaExists app"]),
        ([TableExists("app.a"), SchemaExists("app"), RlsEnabled("app.b")], ["SchemaExists app"]),
        ([FunctionCallable("app.f()"), PrivilegeGranted("postgres", "USAGE", on_schema="app")], ["SchemaExists app"]),
        ([ColumnType("users", "mail", "text"), ValuesNotNull("users", "mail")], ["ColumnExists public.users.mail"]),
        ([ColumnExists("users", "mail"), ColumnNotNull("users", "mail")], ["ColumnExists public.users.mail"]),
        ([FunctionCallable("f(int)"), FunctionPresent("f(integer)")], ["FunctionPresent public.f(integer)"]),
        (
            [FunctionCallable("f(int)"), FunctionCallable("f(int4)", role="postgres")],
            ["FunctionPresent public.f(integer)"],
        ),
        ([FunctionCallable("f(nope)"), FunctionPresent("f(nope)")], ["FunctionPresent public.f(nope)"]),
        ([FunctionCallable("f"), FunctionPresent("f(int)")], ["FunctionPresent public.f(int)"]),
        ([RlsBlocksAnon("users", role="nobody")], ["RoleExists nobody"]),
        ([FunctionCallable("calm()", role="nobody"), RoleExists("nobody")], ["RoleExists nobody"]),
        ([PrivilegeGranted("nobody", "SELECT", table="users")], ["RoleExists nobody"]),
        ([IndexPresent("users", "mail desc")], ["ColumnExists public.users.mail"]),
        ([ForeignKey("users", "org", "orgs(nope)")], ["ColumnExists public.orgs.nope"]),
    ],
    ids=str,
)
def test_each_missing_object_fails_once(
    connection: psycopg.Connection[Any], expectations: list[Expectation], failed: list[str]
) -> None:
    report = run(expectations, connection)
    assert failures(report) == failed
    assert Counter(outcome.status for outcome in report.outcomes)["skipped"] >= 1


def test_a_hint_comes_with_what_is_implied(connection: psycopg.Connection[Any]) -> None:
    (implied,) = run([ColumnNotNull("users", "emial")], connection).having("failed")
    assert implied.implied
    assert implied.findings[0].hint == "Perhaps you meant email."


def test_a_failure_that_only_warns_is_not_repeated(connection: psycopg.Connection[Any]) -> None:
    report = run([TableExists("bills", severity="warning"), RlsEnabled("bills")], connection)
    assert [(outcome.severity, outcome.implied) for outcome in report.having("failed")] == [("warning", False)]
    assert report.passed
    assert not report.strict().passed


def test_a_saved_catalog_has_neither_rows_nor_roles_to_act_as(connection: psycopg.Connection[Any]) -> None:
    from pgcontract import snapshot  # noqa: PLC0415 - a name of its own here

    catalog = saved.load(saved.dump(snapshot(connection)))
    report = verify(
        Suite(
            "saved",
            [
                TableExists("users"),
                ColumnType("users", "email", "TEXT"),
                RowCount("users", at_least=1),
                RlsBlocksAnon("users"),
            ],
        ),
        catalog,
    )
    assert [outcome.status for outcome in report.outcomes] == ["passed", "failed", "skipped", "skipped"]
    assert "letter by letter" in str(report.outcomes[1].findings[0].hint)
    assert all("saved catalog" in str(outcome.reason) for outcome in report.outcomes[2:])
