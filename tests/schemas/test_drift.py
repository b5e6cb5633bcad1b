"""The drift experiment: twelve things that went astray without a migration are found, graded, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.lifecycle.diff import compare, diff
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.sources import Source
from pgcontract.repair.applying import apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.difference import Grade

pytestmark = pytest.mark.extension("citext", "pg_trgm")


class Drift(NamedTuple):
    """What has gone astray on the tracker: the statement that makes it, and the difference that it is."""

    sql: str
    object: str
    property: str
    grade: Grade


DRIFTS = {
    "FORCE off": Drift(
        "alter table public.api_keys no force row level security",
        "public.api_keys", "FORCE row-level security", "dangerous",
    ),
    "row-level security off": Drift(
        "alter table public.invitations disable row level security",
        "public.invitations", "row-level security", "dangerous",
    ),
    "policy widened": Drift(
        "alter policy invoices_read on public.invoices using (true)",
        "public.invoices.invoices_read", "USING", "dangerous",
    ),
    "trigger dropped": Drift(
        "drop trigger history on public.issues",
        "public.issues.history", "existence", "dangerous",
    ),
    "index dropped": Drift(
        "drop index public.issues_board_idx",
        "public.issues.issues_board_idx", "existence", "needs review",
    ),
    "CHECK dropped": Drift(
        "alter table public.issues drop constraint issues_closed",
        "public.issues.issues_closed", "existence", "dangerous",
    ),
    "default dropped": Drift(
        "alter table public.organizations alter column plan drop default",
        "public.organizations.plan", "default", "breaking",
    ),
    "varchar widened": Drift(
        "alter table public.teams alter column key type varchar(60)",
        "public.teams.key", "type", "safe",
    ),
    "grant to anon": Drift(
        "grant select on public.usage_daily to anon",
        "public.usage_daily", "privileges of anon", "dangerous",
    ),
    "column grant revoked": Drift(
        "revoke select (prefix) on public.api_keys from authenticated",
        "public.api_keys.prefix", "privileges of authenticated", "breaking",
    ),
    "SECURITY DEFINER": Drift(
        "alter function public.issue_totals(uuid) security definer",
        "public.issue_totals(uuid)", "security", "dangerous",
    ),
    "view changed": Drift(
        "create or replace view public.overdue as"
        " select id, title, due_on from public.my_issues where due_on <= current_date",
        "public.overdue", "definition", "needs review",
    ),
}  # fmt: skip


def test_twelve_drifts_are_twelve_differences(fresh: Callable[[str], str]) -> None:
    """All of them together: each is one difference with its grade, and nothing else is told.

    Neither by the database from before, nor by the contract that was taken from it.
    """
    url = fresh("tracker")
    with psycopg.connect(url, autocommit=True) as connection:
        before = read(connection)
        for drift in DRIFTS.values():
            connection.execute(drift.sql)
        after = read(connection)
    contract = compare(Source("before.yaml", suite=inventory(before)), Source("after", catalog=after, url=url))
    for found in (diff(before, after), contract.differences):
        told = {(each.object, each.property, each.grade) for each in found}
        assert told == {(drift.object, drift.property, drift.grade) for drift in DRIFTS.values()}
        assert len(found) == len(DRIFTS)
    assert diff(before, before) == ()


def test_twelve_drifts_are_mended(fresh: Callable[[str], str]) -> None:
    """Reconciled with the inventory from before, and committed, the database is what it was: `diff` is empty."""
    url = fresh("tracker")
    with psycopg.connect(url, autocommit=True) as connection:
        before = read(connection)
        suite = inventory(before)
        for drift in DRIFTS.values():
            connection.execute(drift.sql)
        done = apply(suite, url)  # nothing of it destroys anything, so nothing need be allowed
        assert done.committed
        assert (done.why, done.left) == (None, ())
        assert diff(before, read(connection)) == ()


@pytest.mark.parametrize(
    ("statement", "property_"),
    [
        ("drop index public.issues_board_idx; create index issues_board_idx on public.issues (rank, state)", "columns"),
        ("alter publication supabase_realtime set table public.issues (id, title), public.comments", "columns"),
        (
            "alter table labels drop constraint labels_pkey cascade, add constraint labels_pkey primary key (id, name)",
            "columns",
        ),
    ],
)
@pytest.mark.pg(">= 15")
def test_what_has_columns_of_its_own_is_compared(fresh: Callable[[str], str], statement: str, property_: str) -> None:
    """An index, a published table and a constraint name columns, which are no columns of theirs."""
    with psycopg.connect(fresh("tracker"), autocommit=True) as connection:
        before = read(connection)
        connection.execute(statement.encode())
        found = diff(before, read(connection))
    assert any(property_ in each.property for each in found), found
