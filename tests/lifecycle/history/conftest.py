"""Runs made by hand: of each check, a letter for what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pgcontract.verdict import Database, Finding, Ignored, Outcome, Report

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
APP = Database("app", "18.6", "db.example")

Made = Callable[..., Report]


def outcome(check: str, letter: str) -> Outcome | None:
    """P passed, F failed, W warned, G failed in another way, E errored, S skipped, I ignored, R another text, - absent.

    M is a failure that is implied, and N what is skipped for want of it.
    """
    found = Finding(f"{check} is wrong", expected="right").identified("Check", check)
    said: dict[str, Any] = {"kind": "Check", "subject": check, "expectation": {"name": check, "tags": [letter]}}
    ignored = Ignored(found.message, found.object, found.fingerprint, "known")
    made = {
        "P": lambda: Outcome(**said, status="passed"),
        "F": lambda: Outcome(**said, status="failed", findings=(found,)),
        "W": lambda: Outcome(**said, status="failed", severity="warning", findings=(found,)),
        "G": lambda: Outcome(
            **said, status="failed", findings=(Finding("another", "x").identified("Check", check),)
        ),
        "E": lambda: Outcome(**said, status="errored", reason="too slow"),
        "S": lambda: Outcome(**said, status="skipped", reason="probes are switched off"),
        "I": lambda: Outcome(**said, status="skipped", reason="ignored: known", ignored=(ignored,)),
        "R": lambda: Outcome(**{**said, "expectation": {"name": "other"}}, status="passed"),
        "M": lambda: Outcome(**said, status="failed", implied=True, findings=(found,)),
        "N": lambda: Outcome(**said, status="skipped", reason="requires table a, which does not exist"),
    }  # fmt: skip
    return made[letter]() if letter in made else None


@pytest.fixture(scope="session")
def made() -> Made:
    """`made(2, a="P", b="F")`: the run two hours after the first, in which a passed and b failed."""

    def report(hour: float, *, suite: str = "shop", database: Database = APP, **letters: str) -> Report:
        outcomes = tuple(one for check, letter in letters.items() if (one := outcome(check, letter)))
        return Report(suite, database, START + timedelta(hours=hour), 5.0, outcomes)

    return report
