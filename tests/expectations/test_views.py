from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import MaterializedViewsAre, ViewExists, ViewsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table notes (id int, body text, done boolean);
create view open_notes as select id, lower(body) as body from notes where not done and id in (1, 2);
create view safe with (security_barrier, check_option = local) as select id from notes where id > 0;
create materialized view counted as select count(*) as n from notes;
create materialized view empty as select 1 as one with no data;
"""
QUERY = "SELECT id, lower(body) body FROM notes WHERE (NOT done) AND id = ANY (ARRAY[1, 2]);"

INVOKER = Case(
    ViewExists("mine", security_invoker=True),
    "create view mine with (security_invoker = yes) as select 1 as one",
    "alter view mine reset (security_invoker)",
    "security_invoker of public.mine is no, not yes",
)
CASES = [
    INVOKER,
    Case(
        ViewExists("open_notes"),
        SETUP,
        "drop view open_notes",
        "view public.open_notes does not exist",
        "create view open_notes as select",
    ),
    Case(
        ViewExists("counted", materialized=True),
        SETUP,
        "drop materialized view counted; create view counted as select 1 as n",
        "public.counted is a view, not a materialized view",
    ),
    Case(
        ViewExists("open_notes", definition=QUERY),
        SETUP,
        "create or replace view open_notes as select id, lower(body) as body from notes where not done",
        "definition of public.open_notes",
        name="definition",
    ),
    Case(
        ViewExists("safe", security_barrier=True),
        SETUP,
        "alter view safe reset (security_barrier)",
        "security_barrier of public.safe is no, not yes",
    ),
    Case(
        ViewExists("open_notes", security_barrier=False),
        SETUP,
        "alter view open_notes set (security_barrier = on)",
        "security_barrier of public.open_notes is yes, not no",
    ),
    Case(
        ViewExists("safe", check_option="LOCAL"),
        SETUP,
        "alter view safe set (check_option = cascaded)",
        "check option of public.safe is CASCADED, not LOCAL",
    ),
    Case(
        ViewExists("open_notes", check_option="NONE"),
        "create table notes (id int); create view open_notes as select id from notes",
        "alter view open_notes set (check_option = local)",
        "check option of public.open_notes is LOCAL, not NONE",
    ),
    Case(
        ViewExists("counted", materialized=True, populated=True),
        SETUP,
        "refresh materialized view counted with no data",
        "population of public.counted is no, not yes",
    ),
    Case(
        ViewExists("counted", materialized=True, parameters=["fillfactor=80"]),
        f"{SETUP}; alter materialized view counted set (fillfactor = 80)",
        "alter materialized view counted set (fillfactor = 90, autovacuum_enabled = false)",
        "storage parameters of public.counted is (autovacuum_enabled=false, fillfactor=90), not (fillfactor=80)",
    ),
    Case(
        ViewExists("empty", materialized=True, populated=False),
        SETUP,
        "refresh materialized view empty",
        "population of public.empty is yes, not no",
    ),
    Case(
        ViewsAre(["open_notes", "safe"]),
        SETUP,
        "create view more as select 1 as one",
        "view public.more is in schema public",
        "drop view more",
    ),
    Case(
        ViewsAre([], "public"),
        "create table notes (id int)",
        "create view more as select 1 as one",
        "public.more",
        name="no views",
    ),
    Case(
        MaterializedViewsAre(["counted", "empty"]),
        SETUP,
        "drop materialized view empty",
        "materialized view public.empty is missing from schema public",
    ),
    Case(
        MaterializedViewsAre("counted", in_schema="app"),
        "create schema app; create materialized view app.counted as select 1 as n",
        "alter materialized view app.counted rename to account",
        ("app.counted is missing", "app.account"),
    ),
]


@pytest.mark.parametrize("case", [case for case in CASES if case is not INVOKER], ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ViewExists("open_notes", definition=QUERY.removesuffix(";")), "passed"),
        (ViewExists("counted", materialized=True, definition="select count(*) as n from public.notes"), "passed"),
        (ViewExists("open_notes", definition=QUERY.replace("NOT done", "done")), "failed"),
        (ViewExists("open_notes", definition=QUERY.replace("1, 2", "2, 1")), "failed"),
        (ViewExists("open_notes", definition="select nothing from notes"), "failed"),
        (ViewExists("open_notes", definition="select 1 as a; drop table notes"), "errored"),
        (ViewExists("open_notes", definition="select 1 as a) with check option --"), "errored"),
        (ViewExists("open_notes", definition="select frob(id) from notes"), "errored"),
        (ViewExists("open_notes", materialized=True), "failed"),
        (ViewExists("notes"), "failed"),
        (ViewExists("nowhere.open_notes"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


@pytest.mark.pg(">= 15")
def test_a_security_invoker(judge: Any, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(INVOKER, lab)
    (finding,) = judge("create view mine as select 1 as one", INVOKER.expectation).findings
    assert finding.repair[0].hazard == "changes access"


VIEW = (
    'create view odd with (security_barrier, check_option = local) as select id, body collate "C" as "B y" from notes'
)
OTHERS = [
    Case(
        ViewExists("odd", definition='select id, body collate "C" as "B y" from notes', security_barrier=True),
        f"{SETUP} {VIEW}",
        'create or replace view odd with (security_barrier) as select id, body collate "C" as "B y" from notes limit 1',
        "definition of public.odd",
        name="the same columns",
    ),
    Case(
        ViewExists("odd", definition='select id, body collate "C" as "B y", done from notes', check_option="LOCAL"),
        f"{SETUP} {VIEW.replace(' from', ', done from')}",
        f"drop view odd; {VIEW}",
        "definition of public.odd",
        name="one more column at the end",
    ),
]


@pytest.mark.parametrize("case", OTHERS, ids=str)
def test_another_query_is_put_in_place(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("definition", "hint"),
    [
        ("select id from notes", '(id integer, "B y" text COLLATE pg_catalog."C") to (id integer)'),
        ('select id, body as "B y" from notes', 'to (id integer, "B y" text)'),
        ('select done, id, body collate "C" as "B y" from notes', "to (done boolean, id integer, "),
    ],
)
def test_another_query_with_other_columns_is_for_a_migration(judge: Any, definition: str, hint: str) -> None:
    (finding,) = judge(f"{SETUP} {VIEW}", ViewExists("odd", definition=definition)).findings
    assert finding.repair == ()
    assert hint in finding.hint


def test_a_materialised_view_is_made_anew(judge: Any) -> None:
    (finding,) = judge(SETUP, ViewExists("counted", materialized=True, definition="select 1::bigint as n")).findings
    assert finding.repair == ()
    assert "make it anew" in finding.hint
