from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import TriggerPresent, TriggersAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.catalog.triggers import Enabled
    from pgcontract.contract.expectation import Expectation

SETUP = """
create table notes (id int, made timestamptz, body text);
create function touch() returns trigger language plpgsql as 'begin return new; end';
create function other() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before insert or update on notes for each row execute function touch();
create trigger late after update of body on notes for each row
    when (old.body is distinct from new.body) execute function other();
create trigger off after delete on notes execute function other();
alter table notes disable trigger off;
create view shown as select id from notes;
create trigger write instead of insert on shown for each row execute function touch();
"""


KEPT = "create constraint trigger kept after insert on notes {} for each row execute function touch()"
SEEN = "create trigger seen after update on notes referencing {} for each statement execute function touch()"
STATES: list[tuple[Enabled, str, str, Enabled]] = [
    ("ORIGIN", "enable", "enable always", "ALWAYS"),
    ("ALWAYS", "enable always", "enable", "ORIGIN"),
    ("REPLICA", "enable replica", "disable", "DISABLED"),
    ("DISABLED", "disable", "enable replica", "REPLICA"),
]


def instead(definition: str) -> str:
    return f"drop trigger touch on notes; create trigger touch {definition}"


CASES = [
    Case(
        TriggersAre("notes", ["touch", "late", "off"]),
        SETUP,
        "create trigger more before delete on notes execute function touch()",
        "trigger more is in table public.notes",
        "drop trigger more on notes",
    ),
    Case(
        TriggerPresent("notes", "touch"),
        SETUP,
        "drop trigger touch on notes",
        "public.notes has no trigger touch",
        "create trigger touch before insert on notes execute function touch()",
    ),
    Case(
        TriggerPresent("notes", "touch", function="touch()"),
        SETUP,
        instead("before insert or update on notes for each row execute function other()"),
        "function of trigger touch on public.notes is public.other, not public.touch",
    ),
    Case(
        TriggerPresent("notes", "touch", timing="before"),  # type: ignore[arg-type]
        SETUP,
        instead("after insert or update on notes for each row execute function touch()"),
        "timing of trigger touch on public.notes is AFTER, not BEFORE",
    ),
    Case(
        TriggerPresent("notes", "touch", events=["update", "INSERT"]),  # type: ignore[list-item]
        SETUP,
        instead("before insert on notes for each row execute function touch()"),
        "is INSERT, not INSERT OR UPDATE",
    ),
    Case(
        TriggerPresent("notes", "off", events="DELETE", enabled=False),
        SETUP,
        "drop trigger off on notes; create trigger off after insert or delete on notes execute function other();"
        "alter table notes disable trigger off",
        "INSERT OR DELETE",
        name="one event",
    ),
    Case(
        TriggerPresent("notes", "touch", level="ROW"),
        SETUP,
        instead("before insert or update on notes for each statement execute function touch()"),
        "level of trigger touch on public.notes is STATEMENT, not ROW",
    ),
    Case(
        TriggerPresent("notes", "late", when="OLD.body IS DISTINCT FROM NEW.body"),
        SETUP,
        "drop trigger late on notes; create trigger late after update of body on notes for each row "
        "when (false) execute function other()",
        "WHEN of trigger late on public.notes is false",
    ),
    Case(
        TriggerPresent("notes", "touch", when="true"),
        SETUP,
        instead("before update on notes for each row when (new.id > 0) execute function touch()"),
        "WHEN of trigger touch",
        name="no condition",
    ),
    Case(
        TriggerPresent("notes", "late", columns=["body"]),
        SETUP,
        "drop trigger late on notes; create trigger late after update of id on notes execute function other()",
        "columns of trigger late on public.notes is (id), not (body)",
    ),
    Case(
        TriggerPresent("notes", "touch", columns=[]),
        SETUP,
        instead("before insert or update of id on notes for each row execute function touch()"),
        "(id)",
        name="all columns",
    ),
    Case(
        TriggerPresent("notes", "touch"), SETUP, "alter table notes disable trigger touch", "is disabled, not enabled"
    ),
    Case(
        TriggerPresent("notes", "touch"),
        SETUP,
        "alter table notes enable replica trigger touch",
        "is replica, not enabled",
        name="fires on a replica alone",
    ),
    Case(
        TriggerPresent("notes", "off", enabled=False),
        SETUP,
        "alter table notes enable trigger off",
        "is enabled, not disabled",
    ),
    Case(
        TriggerPresent("shown", "write", timing="INSTEAD OF", events="INSERT"),
        SETUP,
        "drop trigger write on shown",
        "public.shown has no trigger write",
        name="on a view",
    ),
    Case(
        TriggerPresent("notes", "told", arguments=["a", "b's"], constraint=False),
        SETUP + "create trigger told before insert on notes execute function touch('a', 'b''s')",
        "drop trigger told on notes; create trigger told before insert on notes execute function touch('b''s', 'a')",
        "arguments of trigger told on public.notes is ('b''s', 'a'), not ('a', 'b''s')",
    ),
    Case(
        TriggerPresent("notes", "touch", arguments=[]),
        SETUP,
        instead("before insert on notes execute function touch('')"),
        "is (''), not ()",
        name="no arguments",
    ),
    *(
        Case(
            TriggerPresent("notes", "touch", state=state),
            f"{SETUP} alter table notes {verb} trigger touch",
            f"alter table notes {other} trigger touch",
            f"state of trigger touch on public.notes is {found}, not {state}",
        )
        for state, verb, other, found in STATES
    ),
    Case(
        TriggerPresent("notes", "kept", constraint=True, deferrable=True, deferred=True),
        SETUP + KEPT.format("deferrable initially deferred"),
        "drop trigger kept on notes;" + KEPT.format("deferrable initially immediate"),
        "deferred of trigger kept on public.notes is no, not yes",
    ),
    Case(
        TriggerPresent("notes", "kept", constraint=True, deferrable=True),
        SETUP + KEPT.format("deferrable"),
        "drop trigger kept on notes; create trigger kept after insert on notes for each row execute function touch()",
        ("constraint of trigger kept on public.notes is no, not yes", "deferrable of trigger kept"),
        name="no constraint trigger",
    ),
    Case(
        TriggerPresent("notes", "seen", old_table="Before", new_table="since"),
        SETUP + SEEN.format('old table as "Before" new table as since'),
        "drop trigger seen on notes;" + SEEN.format("new table as before"),
        (
            "old table of trigger seen on public.notes is none, not Before",
            "new table of trigger seen on public.notes is before, not since",
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (TriggerPresent("notes", "late", when="old.body is distinct from new.body", events="update"), "passed"),  # type: ignore[arg-type]
        (TriggerPresent("notes", "late", when="new.body is distinct from old.body"), "failed"),
        (TriggerPresent("notes", "late", when="nope"), "failed"),
        (TriggerPresent("notes", "late", when="new.id > 0", events=["INSERT"]), "failed"),
        (TriggerPresent("notes", "late", when="old.id > 0", events=["INSERT"]), "failed"),
        (TriggerPresent("notes", "off"), "failed"),
        (TriggerPresent("notes", "touch", function="nowhere.touch()"), "failed"),
        (TriggerPresent("notes", "touch", function="touch"), "passed"),
        (TriggerPresent("notes", "Touch"), "failed"),
        (TriggerPresent("nothing", "touch"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


@pytest.mark.parametrize("always", ["enable always trigger touch", "enable trigger touch"])
def test_a_trigger_that_always_fires_is_enabled(judge: Any, always: str) -> None:
    assert judge(SETUP + f"alter table notes {always}", TriggerPresent("notes", "touch")).status == "passed"


@pytest.mark.parametrize(
    "fields",
    [
        {"events": []},
        {"events": "UPSERT"},
        {"level": "TABLE"},
        {"timing": "DURING"},
        {"state": "ON"},
        {"state": "ALWAYS", "enabled": False},
    ],
)
def test_triggers_that_postgres_has_not_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TriggerPresent("notes", "touch", **fields)
