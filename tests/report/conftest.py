"""A report made by hand: every status and severity, names and values as bad as they come."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pgcontract.verdict import Database, Examples, Finding, Ignored, Location, Outcome, Repair, Report, Since

WEIRD = 'public."Weird ""name"" <script>alert(1)</script>"'
SINCE = Since(datetime(2025, 12, 31, 1, 4, tzinfo=UTC), 5)
BAD_ROWS = Examples(
    ("id", "[red]<i>"), (("1", "\x1b[2J</script>"), ("two\nlines", None), ("", "NULL"), ("a|b", "é" * 300))
)
BODY = "begin\n  new.updated_at := now();\n  return new;\nend"


def failed(kind: str, subject: str, *findings: Finding, **rest: Any) -> Outcome:
    found = tuple(finding.identified(kind, subject) for finding in findings)
    return replace(Outcome(kind, subject, "failed", findings=found), **rest)


def outcomes() -> tuple[Outcome, ...]:
    users, invoices = "public.users", "public.invoices"
    wrong_type = Finding(
        "public.users.id has the type integer",
        expected="uuid",
        observed="integer",
        hint="Perhaps a migration did not run.",
        repair=(
            Repair("alter table public.users alter column id type uuid using id::text::uuid", "rewrites the table"),
            Repair("analyze public.users;"),
        ),
    )
    wrong_body = Finding(
        "public.touch() has another body", BODY, BODY.replace("now()", "clock_timestamp()"), object="public.touch()"
    )
    return (
        Outcome("TableExists", users, "passed", sentence="the table public.users exists", relation=users),
        failed(
            "ColumnType",
            "public.users.id",
            wrong_type,
            sentence="the column public.users.id has the type uuid",
            relation=users,
            expectation={"table": users, "column": "id", "type": "uuid"},
            because="everything refers to it",
            location=Location("db/my contract.yaml", 12, 9),
            tags=("core", "[red]tag[/]"),
            duration_ms=0.04,
        ),
        failed(
            "ColumnNotNull",
            "public.users.email",
            Finding("accepts null", "not null", "null", since=SINCE),
            severity="warning",
        ),
        failed("IndexPresent", invoices, Finding("no such index"), severity="info", relation=invoices),
        failed("TableExists", "public.teams", Finding("there is no public.teams", "a table"), implied=True),
        failed("FunctionPresent", "public.touch()", wrong_body),
        Outcome(
            "RlsBlocksAnon",
            invoices,
            "errored",
            relation=invoices,
            reason='permission denied to set role "anon"',
            traceback='Traceback (most recent call last):\n  File "probe.py", line 1\nPermissionError: <b>no</b>\n',
        ),
        Outcome("ColumnType", "public.teams.id", "skipped", relation="public.teams", reason="there is no public.teams"),
        Outcome("ColumnType", "public.teams.x", "skipped", relation="public.teams", reason="there is no public.teams"),
        Outcome("CrudWorks", users, "skipped", relation=users, reason="it would have to write"),
        failed(
            "TableExists",
            WEIRD,
            Finding(
                f"{WEIRD} is [bold]missing[/bold]\x1b[2J\u202e",
                expected="x" * 50_000,
                observed="y" * 50_000,
                examples=BAD_ROWS,
            ),
            sentence=f"the table {WEIRD} exists",
            relation=WEIRD,
            expectation={"table": WEIRD, "deep": [{"a": [1, 2.5, None, True]}]},
            tags=('"><img src=x onerror=alert(1)>',),
            because="</script><script>alert(2)</script>",
        ),
        Outcome(
            "ColumnNotNull",
            "public.users.note",
            "skipped",
            relation=users,
            reason="ignored until 2026-12-31: the old importer <b>writes</b> NULL",
            ignored=(
                Ignored(
                    "public.users.note accepts NULL",
                    "public.users.note",
                    "00ff00ff00ff00ff",
                    "the old importer <b>writes</b> NULL",
                    date(2026, 12, 31),
                ),
            ),
        ),
        Outcome("RoleExists", "a\x00b\x1b[31m\n", "passed", sentence="a role\x07 called a\x00b\x1b[31m\n"),
        Outcome("TableExists", users, "passed", sentence="the table public.users exists", relation=users),
    )


@pytest.fixture(scope="session")
def report() -> Report:
    database = Database("app [red]<i>", "18.6", "db.example")
    return Report("backend", database, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 412.0, outcomes())


@pytest.fixture(scope="session")
def sound(report: Report) -> Report:
    """The same without what failed or errored."""
    return replace(report, database=Database("app", "18.6", "h"), outcomes=tuple(report.having("passed", "skipped")))


@pytest.fixture(scope="session")
def readers() -> Any:
    """By format, who reads it back; a module beside this one, which pytest does not import by itself."""
    spec = importlib.util.spec_from_file_location("report_readers", Path(__file__).with_name("readers.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.READERS
