from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import EventTriggerPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create function guard() returns event_trigger language plpgsql as 'begin end';
create function other() returns event_trigger language plpgsql as 'begin end';
create event trigger guard on sql_drop when tag in ('DROP TABLE', 'DROP VIEW') execute function guard();
"""


def instead(definition: str) -> str:
    return f"drop event trigger guard; create event trigger guard {definition}"


CASES = [
    Case(
        EventTriggerPresent("guard", state="ORIGIN"),
        SETUP,
        "alter event trigger guard enable always",
        "state of event trigger guard is ALWAYS, not ORIGIN",
    ),
    Case(
        EventTriggerPresent("guard"),
        SETUP,
        "drop event trigger guard",
        "event trigger guard does not exist",
        "create event trigger guard on sql_drop execute function guard()",
    ),
    Case(
        EventTriggerPresent("guard", event="sql_drop"),
        SETUP,
        instead("on ddl_command_end execute function guard()"),
        "event of event trigger guard is ddl_command_end, not sql_drop",
    ),
    Case(
        EventTriggerPresent("guard", function="guard()"),
        SETUP,
        instead("on sql_drop execute function other()"),
        "function of event trigger guard is public.other, not public.guard",
    ),
    Case(
        EventTriggerPresent("guard", commands=["drop view", "DROP TABLE"]),
        SETUP,
        instead("on sql_drop when tag in ('DROP TABLE') execute function guard()"),
        "commands of event trigger guard is (DROP TABLE), not (DROP TABLE, DROP VIEW)",
    ),
    Case(
        EventTriggerPresent("guard"),
        SETUP,
        "alter event trigger guard disable",
        "state of event trigger guard is disabled, not enabled",
        name="disabled",
    ),
    Case(
        EventTriggerPresent("guard", enabled=False),
        SETUP + "alter event trigger guard disable",
        "alter event trigger guard enable always",
        "state of event trigger guard is enabled, not disabled",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (EventTriggerPresent("guard", commands=[]), "failed"),
        (EventTriggerPresent("Guard"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
