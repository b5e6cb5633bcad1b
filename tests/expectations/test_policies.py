from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import PoliciesAre, PolicyPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create role pgc_ann; create role pgc_ben;
create function me() returns uuid stable language sql as 'select null::uuid';
create table notes (id int, owner uuid, body text);
create policy mine on notes for select to pgc_ann using (owner = me());
create policy edit on notes for update to pgc_ann, pgc_ben using (owner = me());
create policy add on notes for insert to pgc_ann with check (owner = me());
create policy wall on notes as restrictive for all to public using (owner is not null) with check (id > 0);
"""
MINE = PolicyPresent("notes", "mine", command="SELECT", roles="pgc_ann", using="owner = me()")
CASES = [
    Case(
        PolicyPresent(
            "notes", "edit", command="UPDATE", roles=["pgc_ann", "pgc_ben"], using="owner = me()", exact=True
        ),
        SETUP,
        "alter policy edit on notes with check (owner = me())",
        "WITH CHECK of policy edit on public.notes is (owner = public.me()), not none",
    ),
    Case(
        PolicyPresent("notes", "open", command="SELECT", exact=True),
        f"{SETUP} create policy open on notes for select to pgc_ann;",
        "alter policy open on notes using (true)",
        "USING of policy open on public.notes is true, not none",
    ),
    Case(PolicyPresent("notes", "mine"), SETUP, "drop policy mine on notes", "public.notes has no policy mine"),
    Case(
        PolicyPresent("notes", "mine", command="SELECT", roles=["pgc_ann"], using="owner = me()"),
        SETUP,
        "drop policy mine on notes",
        "mine",
        name="made anew",
    ),
    Case(
        PolicyPresent("notes", "add", command="insert", roles=["pgc_ann"], with_check="owner = me()"),  # type: ignore[arg-type]
        SETUP,
        "drop policy add on notes",
        "add",
        name="made anew for insert",
    ),
    Case(
        PolicyPresent("notes", "mine", command="SELECT", roles="pgc_ann", using="owner = me()"),
        SETUP,
        "drop policy mine on notes; create policy mine on notes for all to pgc_ann using (owner = me())",
        "command of policy mine on public.notes is ALL, not SELECT",
    ),
    Case(
        PolicyPresent("notes", "mine", roles=["pgc_ann"]),
        SETUP,
        "alter policy mine on notes to pgc_ann, pgc_ben",
        "roles of policy mine on public.notes is (pgc_ann, pgc_ben), not (pgc_ann)",
    ),
    Case(
        PolicyPresent("notes", "edit", roles=["pgc_ben", "pgc_ann"]),
        SETUP,
        "alter policy edit on notes to public",
        "is (PUBLIC), not (pgc_ann, pgc_ben)",
    ),
    Case(
        PolicyPresent("notes", "wall", roles="Public"), SETUP, "alter policy wall on notes to pgc_ann", "not (PUBLIC)"
    ),
    Case(
        PolicyPresent(
            "notes",
            "wall",
            command="ALL",
            roles="public",
            permissive=False,
            using="owner is not null",
            with_check="id > 0",
        ),
        SETUP,
        "drop policy wall on notes; create policy wall on notes using (owner is not null) with check (id > 0)",
        "kind of policy wall on public.notes is PERMISSIVE, not RESTRICTIVE",
    ),
    Case(
        PolicyPresent("notes", "mine", permissive=True),
        SETUP,
        "drop policy mine on notes; create policy mine on notes as restrictive for select using (true)",
        "RESTRICTIVE, not PERMISSIVE",
        "drop policy mine on notes; create policy mine on notes for select using (true)",
    ),
    Case(
        PolicyPresent("notes", "mine", using="owner = me()"),
        SETUP,
        "alter policy mine on notes using (true)",
        "USING of policy mine on public.notes is true",
    ),
    Case(
        PolicyPresent("notes", "edit", command="UPDATE", using="owner = me()"),
        SETUP,
        "alter policy edit on notes with check (true)",
        "WITH CHECK of policy edit on public.notes is true",
        name="a WITH CHECK (true) beside a narrow USING",
    ),
    Case(
        PolicyPresent("notes", "add", with_check="owner = me()"),
        SETUP,
        "alter policy add on notes with check (true)",
        "WITH CHECK of policy add",
    ),
    Case(
        PolicyPresent("notes", command="SELECT", roles="pgc_ann", permissive=True, using="owner = me()"),
        SETUP,
        "alter policy mine on notes using (owner = me() or id = 1)",
        "public.notes has no policy for SELECT to (pgc_ann) permissive using owner = me()",
        "alter policy mine on notes using (owner = me())",
    ),
    Case(
        PoliciesAre("notes", ["mine", "edit", "add", "wall"]),
        SETUP,
        'create policy "let\'s. go" on notes using (true)',
        'public.notes."let\'s. go"',
        'drop policy "let\'s. go" on notes',
    ),
    Case(
        PoliciesAre("notes", ["mine", "edit", "add", "wall"]),
        SETUP,
        "drop policy wall on notes",
        "policy wall is missing from table public.notes",
    ),
    Case(PoliciesAre("bare", []), "create table bare (id int)", "create policy x on bare", "public.bare.x"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (MINE, "passed"),
        (PolicyPresent("notes", "mine", using="OWNER = (me())"), "passed"),
        (PolicyPresent("notes", "mine", using="me() = owner"), "failed"),
        (PolicyPresent("notes", "mine", using="owner = (select me())"), "failed"),
        (PolicyPresent("notes", "mine", using="owner = nobody()"), "errored"),
        (PolicyPresent("notes", "mine", roles=["public"]), "failed"),
        (PolicyPresent("notes", "mine", roles=["pgc_ann", "pgc_ben"]), "failed"),
        (PolicyPresent("notes", "edit", roles=["pgc_ann"]), "failed"),
        (PolicyPresent("notes", "edit", using="owner = me()", with_check="owner = me()"), "passed"),
        (PolicyPresent("notes", "edit", with_check="true"), "failed"),
        (PolicyPresent("notes", "wall", using="owner is not null"), "failed"),
        (PolicyPresent("notes", "wall", using="owner is not null", with_check="id > 0"), "passed"),
        (PolicyPresent("notes", "Mine"), "failed"),
        (PolicyPresent("notes", command="DELETE"), "failed"),
        (PolicyPresent("notes", permissive=False), "passed"),
        (PolicyPresent("notes"), "passed"),
        (PolicyPresent("nothing", "mine"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_a_table_without_policies_has_none_that_fits(judge: Any) -> None:
    assert judge("create table bare (id int)", PolicyPresent("bare")).status == "failed"


def test_using_and_with_check_have_two_fingerprints(judge: Any) -> None:
    setup = SETUP + "alter policy edit on notes using (true) with check (true);"
    first, second = judge(setup, PolicyPresent("notes", "edit", using="owner = me()")).findings
    assert (first.expected, second.expected) == ("(owner = public.me())",) * 2
    assert first.fingerprint != second.fingerprint


def test_a_policy_that_is_half_stated_is_not_made(judge: Any) -> None:
    half = PolicyPresent("notes", "new", command="SELECT", roles="pgc_ann")
    assert judge(SETUP, half).findings[0].repair == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"command": "INSERT", "using": "true"}, "INSERT has no USING"),
        ({"command": "select", "with_check": "true"}, "SELECT has no WITH CHECK"),
        ({"command": "DELETE", "with_check": "true"}, "DELETE has no WITH CHECK"),
        ({"roles": []}, "name a role"),
        ({"command": "UPSERT"}, "command"),
    ],
)
def test_policies_that_postgres_has_not_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        PolicyPresent("notes", **fields)
