from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import RlsBlocksAnon, RlsDisabled, RlsEnabled, RlsForced, RlsNotForced
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

ON = "alter table notes enable row level security;"
SETUP = f"""
create role pgc_anon; create role pgc_user;
create table notes (id int primary key, owner text default 'x', body text);
insert into notes select n, 'ann', 'b' from generate_series(1, 5) n;
grant select on notes to pgc_anon; {ON}
"""
OPEN = "create policy open on notes to pgc_anon using (true)"


def blocks(**fields: Any) -> RlsBlocksAnon:
    return RlsBlocksAnon("notes", **{"role": "pgc_anon", **fields})


NEVER = "delete from notes; alter table notes add check (id > 5 and id < 3)"
SHOWN = RlsBlocksAnon("shown", role="pgc_anon")

CASES = [
    Case(
        RlsDisabled("notes"),
        SETUP.replace(ON, ""),
        ON,
        "row-level security is enabled on public.notes",
    ),
    Case(
        RlsNotForced("notes"),
        SETUP,
        "alter table notes force row level security",
        "row-level security is forced on public.notes",
    ),
    Case(
        blocks(),
        SETUP + "truncate notes",
        OPEN,
        "pgc_anon sees 1 of 1 rows of public.notes",
        "drop policy open on notes",
        name="an empty table, in which a row is made",
    ),
    Case(
        RlsEnabled("notes"),
        SETUP,
        "alter table notes disable row level security",
        "row-level security is disabled on public.notes",
    ),
    Case(
        RlsForced("notes"),
        SETUP + "alter table notes force row level security",
        "alter table notes no force row level security",
        "row-level security is not forced on public.notes",
    ),
    Case(
        blocks(),
        SETUP,
        "alter table notes disable row level security",
        "pgc_anon sees 5 of 5 rows of public.notes",
        ON,
    ),
    Case(blocks(), SETUP, OPEN, "sees 5 of 5 rows", "drop policy open on notes", name="a policy that lets it in"),
    Case(
        blocks(role="pgc_user"),
        SETUP + "grant delete on notes to pgc_user",
        "create policy open on notes for delete to pgc_user using (id > 3)",
        "pgc_user can delete 2 rows",
        "drop policy open on notes",
        name="deletes what it cannot see",
    ),
    Case(
        blocks(role="pgc_user"),
        SETUP + "grant update (body) on notes to pgc_user",
        "create policy open on notes for update to pgc_user using (id = 1)",
        "pgc_user can update 1 rows",
        "drop policy open on notes",
        name="updates what it cannot see",
    ),
    Case(blocks(), SETUP, "grant truncate on notes to pgc_anon", "pgc_anon may TRUNCATE"),
    Case(
        blocks(claims={"role": "pgc_anon", "sub": "ann", "more": {"a": [1]}}),
        SETUP,
        "create policy mine on notes using (owner = current_setting('request.jwt.claims')::json ->> 'sub')",
        "sees 5 of 5",
        "drop policy mine on notes",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


WRITES = SETUP + "grant update, delete on notes to pgc_anon;"
LEAKY = "create view shown as select * from notes; grant select, update, delete on shown to pgc_anon;"


@pytest.mark.parametrize(
    ("setup", "expectation", "status", "words"),
    [
        (SETUP, blocks(), "passed", None),
        (SETUP, RlsBlocksAnon("notes", role="pgc_user"), "passed", None),
        (SETUP + "delete from notes", blocks(), "passed", None),
        (SETUP + "delete from notes;" + OPEN, blocks(), "failed", "sees 1 of 1 rows"),
        (SETUP + NEVER, blocks(), "skipped", "no positive control: public.notes is empty, and no row can be made"),
        (SETUP + "delete from notes; create view shown as select * from notes", SHOWN, "skipped", "is empty"),
        (SETUP + "delete from notes; drop role pgc_user", blocks(role="pgc_user"), "skipped", "role pgc_user"),
        ("", blocks(), "skipped", "relation public.notes, which does not exist"),
        (
            LEAKY.join([SETUP, ""]),
            RlsBlocksAnon("shown", role="pgc_anon"),
            "failed",
            "sees 5 of 5 rows of public.shown",
        ),
        (
            SETUP + LEAKY + "revoke select on shown from pgc_anon",
            RlsBlocksAnon("shown", role="pgc_anon"),
            "failed",
            "can delete 5 rows",
        ),
        (
            SETUP + "create materialized view shown as select * from notes; grant all on shown to pgc_anon",
            RlsBlocksAnon("shown", role="pgc_anon"),
            "failed",
            "sees 5 of 5",
        ),
        (
            SETUP + "create view sums as select count(*) as n from notes; grant update, delete on sums to pgc_anon",
            RlsBlocksAnon("sums", role="pgc_anon"),
            "passed",
            None,
        ),
        (
            WRITES + "create policy u on notes for update to pgc_anon using (true) with check (owner = 'ann')",
            blocks(),
            "failed",
            "can update 5 rows",
        ),
        (
            WRITES + "create policy u on notes for update to pgc_anon using (true) with check (false)",
            blocks(),
            "passed",
            None,
        ),
        (
            WRITES + "create table refs (id int references notes); insert into refs values (1);"
            "create policy d on notes for delete to pgc_anon using (true)",
            blocks(),
            "failed",
            "can delete some rows",
        ),
        (
            WRITES + "create policy bad on notes to pgc_anon using ((owner::uuid) is null)",
            blocks(),
            "errored",
            "invalid input syntax",
        ),
        (
            WRITES + "revoke select on notes from pgc_anon;"
            "create policy bad on notes for delete to pgc_anon using (owner::uuid is null)",
            blocks(),
            "errored",
            "invalid input syntax",
        ),
        (
            (
                "create role pgc_anon; create table notes (id int generated always as identity);"
                "insert into notes default values; grant update on notes to pgc_anon"
            ),
            blocks(),
            "passed",
            None,
        ),
        (
            (
                "create role pgc_anon; create table notes (id serial not null); insert into notes default values;"
                "grant update on notes to pgc_anon"
            ),
            blocks(),
            "failed",
            "can update some rows",
        ),
        (
            (
                "create role pgc_anon; create table notes (id int) partition by list (id);"
                "create table notes_1 partition of notes for values in (1); insert into notes values (1);"
                "grant select on notes, notes_1 to pgc_anon; alter table notes enable row level security"
            ),
            blocks(),
            "passed",
            None,
        ),
        (
            (
                "create role pgc_anon; create table notes (id int) partition by list (id);"
                "create table notes_1 partition of notes for values in (1); insert into notes values (1);"
                "grant select on notes, notes_1 to pgc_anon; alter table notes enable row level security"
            ),
            RlsBlocksAnon("notes_1", role="pgc_anon"),
            "failed",
            "sees 1 of 1 rows of public.notes_1",
        ),
        (
            SETUP + "insert into notes select n from generate_series(6, 1500) n;" + OPEN,
            blocks(),
            "failed",
            "sees 1000 of 1000 or more rows",
        ),
    ],
    ids=str,
)
def test_what_a_role_reaches(judge: Any, setup: str, expectation: Expectation, status: str, words: str | None) -> None:
    outcome = judge(setup, expectation)
    said = f"{outcome.reason} {' '.join(finding.message for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words is None or words in said


@pytest.mark.pg(">= 15")
def test_a_view_with_the_rights_of_its_caller_is_blocked(judge: Any) -> None:
    setup = SETUP + LEAKY.replace("create view shown", "create view shown with (security_invoker)")
    assert judge(setup, RlsBlocksAnon("shown", role="pgc_anon")).status == "passed"


def test_an_empty_table_stays_as_it_is_where_nothing_may_be_written(judge: Any) -> None:
    outcome = judge(SETUP + "truncate notes", blocks(), probes="read")
    assert (outcome.status, outcome.reason) == (
        "skipped",
        "no positive control: public.notes is empty, so nobody could see a row of it",
    )


def test_writes_are_only_tried_when_they_are_allowed(judge: Any) -> None:
    setup = WRITES + "create policy d on notes for delete to pgc_anon using (true)"
    assert judge(setup, blocks(), probes="read").status == "passed"
    assert judge(setup, blocks(), probes="rollback").status == "failed"
    outcome = judge(setup, blocks(), probes="off")
    assert (outcome.status, outcome.reason) == ("skipped", "probes are switched off")


def test_what_was_found_counts_although_the_rest_could_not_be_tried(judge: Any) -> None:
    setup = (
        WRITES + "create policy r on notes for select to pgc_anon using (true); "
        "create policy d on notes for delete to pgc_anon using (owner::uuid is null)"
    )
    outcome = judge(setup, blocks())
    assert outcome.status == "failed"
    assert "sees 5 of 5" in outcome.findings[0].message
    assert "invalid input syntax" in outcome.reason


AS_LIMITED = (
    "create role pgc_limited; grant pgc_anon to pgc_limited; grant {} to pgc_limited; set local role pgc_limited"
)


@pytest.mark.parametrize(
    ("setup", "reason"),
    [
        (SETUP + AS_LIMITED.format("select on notes"), "pgc_limited is itself under row-level security"),
        (
            SETUP
            + "alter table notes disable row level security; revoke select on notes from pgc_anon;"
            + AS_LIMITED.format("insert on notes"),
            "pgc_limited may not read public.notes itself",
        ),
        (
            SETUP + "alter table notes owner to pgc_user; grant create on schema public to pgc_user;"
            "create role pgc_lone; grant pgc_user to pgc_lone; set local role pgc_lone",
            "pgc_lone may not act as pgc_anon",
        ),
    ],
)
def test_without_a_control_nothing_is_told(judge: Any, setup: str, reason: str) -> None:

    outcome = judge(setup, blocks())
    assert outcome.status == "skipped", outcome
    assert reason in outcome.reason


def test_three_ways_in_have_three_fingerprints(judge: Any) -> None:
    outcome = judge(WRITES + "grant truncate on notes to pgc_anon;" + OPEN, blocks())
    assert len({finding.fingerprint for finding in outcome.findings}) == len(outcome.findings) == 4
