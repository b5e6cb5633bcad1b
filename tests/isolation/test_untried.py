"""What a search must not try is inconclusive, never safe; in a shadow it is tried, and its leak found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.isolation.search import find_leaks
from pgcontract.run.acted import acted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.isolation.model import Search
    from pgcontract.run.probe import Probes

pytestmark = [pytest.mark.pg(">= 15"), pytest.mark.extension("dblink")]

SQL = """
create extension dblink;
create table orders (id bigserial primary key, user_id uuid not null references auth.users, body text);
create function tell() returns trigger language plpgsql as $$
begin perform dblink_exec('host=elsewhere', 'select 1'); return coalesce(new, old); end $$;
create trigger tell after {event} on orders for each row execute function tell();
alter table orders enable row level security;
create policy own on orders using (user_id = auth.uid());
create policy gone on orders for delete to authenticated using (true);
create policy seen on orders for select to authenticated using (true);
"""


@pytest.fixture
def searched(clone: Callable[[str], str], make_template: Callable[[Any], str]) -> Callable[[str, Probes], Search]:
    template = make_template(["supabase"])

    def search(event: str, probes: Probes) -> Search:
        with psycopg.connect(clone(template), autocommit=True) as connection:
            connection.execute(SQL.format(event=event).encode())
            with acted(connection, read(connection), probes) as session:
                return find_leaks(session)

    return search


@pytest.mark.parametrize(("event", "found"), [("insert", set()), ("delete", {"SELECT"})])
def test_what_would_reach_outside_is_inconclusive(
    searched: Callable[[str, Probes], Search], event: str, found: set[str]
) -> None:
    search = searched(event, "rollback")
    assert {leak.command for leak in search.leaks if leak.relation == "public.orders"} == found
    reasons = [one.reason for one in search.inconclusive if one.relation == "public.orders"]
    assert any("fires the trigger tell of public.orders, which calls public.dblink_exec" in one for one in reasons)
    assert any("--probes shadow" in one for one in reasons)


@pytest.mark.parametrize("event", ["insert", "delete"])
def test_in_a_shadow_it_is_tried(searched: Callable[[str, Probes], Search], event: str) -> None:
    search = searched(event, "shadow")
    assert {"SELECT", "DELETE"} <= {leak.command for leak in search.leaks if leak.relation == "public.orders"}
    assert not [one for one in search.inconclusive if one.relation == "public.orders"]
