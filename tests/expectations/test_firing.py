from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import TriggerFires
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table users (id int primary key);
create table docs (id int generated always as identity primary key, owner int not null references users,
    title text not null, version int not null default 1, updated_at timestamptz not null default now());
create table history (doc int, title text, at timestamptz default clock_timestamp());
create function touch() returns trigger language plpgsql as
    $$ begin new.updated_at := now(); new.version := old.version + 1; return new; end $$;
create function remember() returns trigger language plpgsql as
    $$ begin insert into history (doc, title) values (coalesce(new.id, old.id), coalesce(new.title, old.title));
    return null; end $$;
create trigger touch before update on docs for each row execute function touch();
create trigger remember after insert or delete on docs for each row execute function remember();
create trigger changed after update on docs for each row when (old.title is distinct from new.title)
    execute function remember();
"""


def fires(trigger: str, **fields: Any) -> TriggerFires:
    return TriggerFires("docs", trigger, **fields)


IDLE = "create or replace function remember() returns trigger language plpgsql as 'begin return null; end'"
ALERT = IDLE.replace(
    "begin return null; end", "begin insert into history (doc, title) values (1, ''''); return null; end"
)

CASES = [
    Case(
        fires("touch", moves=["updated_at", "version"]),
        SETUP,
        "create or replace function touch() returns trigger language plpgsql as 'begin return new; end'",
        ("does not move public.docs.updated_at", "does not move public.docs.version"),
        """create or replace function touch() returns trigger language plpgsql as
        'begin new.updated_at := now(); new.version := 2; return new; end'""",
    ),
    Case(
        fires("touch", moves="updated_at"),
        SETUP,
        "alter table docs disable trigger touch",
        "trigger touch on public.docs is disabled",
        name="disabled",
    ),
    Case(
        fires("changed", writes="history", change={"title": "new"}, where={"title": "old"}),
        SETUP,
        IDLE,
        "writes nothing to public.history on update",
        ALERT,
    ),
    Case(fires("remember", on="insert", writes="history"), SETUP, IDLE, "on insert", ALERT, name="inserted"),
    Case(fires("remember", on="delete", writes="history"), SETUP, IDLE, "on delete", ALERT, name="deleted"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


STAMP = """create trigger a_stamp before insert on docs for each row execute function stamp();"""
STAMPED = f"""
create function stamp() returns trigger language plpgsql as 'begin new.updated_at := now(); return new; end'; {STAMP}
"""


@pytest.mark.parametrize(
    ("setup", "expectation", "status", "words"),
    [
        (SETUP, fires("changed", writes="history"), "passed", ""),
        (SETUP + STAMPED, fires("touch", moves="updated_at"), "passed", ""),
        (SETUP, fires("tuoch", moves="updated_at"), "failed", "Perhaps you meant touch."),
        (SETUP, fires("remember", writes="history"), "failed", "does not fire on update"),
        (SETUP, fires("touch", moves="update_at"), "skipped", "column"),
        (SETUP, fires("touch", writes="nowhere"), "skipped", "relation public.nowhere"),
        (
            SETUP + "create trigger never before delete on docs for each row execute function stop()",
            fires("remember", on="delete", writes="history"),
            "skipped",
            "the delete of public.docs is refused: stop",
        ),
        (
            SETUP.replace("after insert or delete", "after delete"),
            fires("remember", on="insert", writes="history"),
            "failed",
            "does not fire on insert",
        ),
    ],
    ids=str,
)
def test_what_fires(judge: Any, setup: str, expectation: Expectation, status: str, words: str) -> None:
    stop = "create function stop() returns trigger language plpgsql as 'begin raise ''stop''; end';"
    outcome = judge(stop + setup, expectation)
    said = f"{outcome.reason} {' '.join(f'{finding.message} {finding.hint}' for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


def test_an_insert_is_not_told_by_what_a_delete_writes(judge: Any) -> None:
    setup = SETUP + IDLE.replace(
        "begin return null; end",
        "begin if tg_op = ''DELETE'' then insert into history values (1); end if; return null; end",
    )
    assert judge(setup, fires("remember", on="insert", writes="history")).status == "failed"
    assert judge(setup, fires("remember", on="delete", writes="history")).status == "passed"


@pytest.mark.parametrize(
    ("fields", "message"),
    [({}, "it says not what the trigger does"), ({"moves": "a", "on": "delete"}, "moved by an update alone")],
)
def test_it_says_what_the_trigger_does(fields: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        fires("touch", **fields)
