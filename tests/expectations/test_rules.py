from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import RulePresent, RulesAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table notes (id int);
create table kept (id int);
create view shown as select id from notes;
create rule keep as on delete to notes do instead nothing;
create rule copy as on insert to notes do also insert into kept values (new.id);
create rule "W rite" as on insert to shown do instead insert into notes values (new.id);
"""

CASES = [
    Case(
        RulePresent("notes", "keep", state="ORIGIN"),
        SETUP,
        "alter table notes enable replica rule keep",
        "state of rule keep on public.notes is REPLICA, not ORIGIN",
    ),
    Case(
        RulePresent("notes", "keep"),
        SETUP,
        "drop rule keep on notes",
        "public.notes has no rule keep",
        "create rule keep as on delete to notes do instead nothing",
    ),
    Case(
        RulePresent("notes", "keep", event="DELETE"),
        SETUP,
        "create or replace rule keep as on update to notes do instead nothing",
        "event of rule keep on public.notes is UPDATE, not DELETE",
    ),
    Case(
        RulePresent("notes", "copy", instead=False),
        SETUP,
        "create or replace rule copy as on insert to notes do instead insert into kept values (new.id)",
        "kind of rule copy on public.notes is INSTEAD, not ALSO",
    ),
    Case(
        RulePresent("notes", "keep", enabled=False),
        SETUP + "alter table notes disable rule keep",
        "alter table notes enable rule keep",
        "state of rule keep on public.notes is enabled, not disabled",
    ),
    Case(
        RulePresent("notes", "keep"),
        SETUP,
        "alter table notes enable replica rule keep",
        "is replica, not enabled",
        name="fires on a replica alone",
    ),
    Case(
        RulePresent("notes", "copy", event="INSERT", where="new.id>0", action="insert into kept values (new.id)"),
        SETUP.replace("insert to notes do", "insert to notes where new.id > 0 do"),
        "create or replace rule copy as on insert to notes do also insert into kept values (new.id)",
        "action of rule copy on public.notes is DO  INSERT INTO public.kept (id)",
    ),
    Case(
        RulePresent("notes", "keep", action="nothing"),
        SETUP,
        "create or replace rule keep as on delete to notes do instead (delete from kept; insert into kept values (1))",
        "action of rule keep on public.notes is DO INSTEAD ( DELETE FROM public.kept;",
    ),
    Case(
        RulePresent("notes", "keep", action="(delete from kept where id=old.id; insert into kept values (old.id))"),
        SETUP + "create or replace rule keep as on delete to notes do instead "
        "(delete from kept where kept.id = old.id; insert into kept values (old.id));",
        "create or replace rule keep as on delete to notes do instead nothing",
        "action of rule keep on public.notes is DO INSTEAD NOTHING, not DO INSTEAD ( DELETE FROM public.kept",
    ),
    Case(
        RulesAre("shown", ["W rite"]),
        SETUP,
        "create rule no as on delete to shown do instead nothing",
        "rule no is in relation public.shown",
        "drop rule no on shown",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (RulePresent("shown", "W rite", "INSERT", instead=True), "passed"),
        (RulePresent("shown", "_RETURN"), "failed"),
        (RulePresent("nowhere", "keep"), "skipped"),
        (RulesAre("notes", ["copy", "keep"]), "passed"),
        (RulesAre("kept", []), "passed"),
        (RulesAre("nowhere", []), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
