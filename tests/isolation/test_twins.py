"""Holes that a narrow search misses: each is found where it is, and the same schema without it is silent.

A pair differs in the one line that `{}` stands for; both halves run on the platform's users and claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.isolation.search import find_leaks
from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.isolation.model import Search

pytestmark = pytest.mark.pg(">= 15")


class Twins(NamedTuple):
    """A schema, what stands in its gap, and what is found in the leaky half: relation and command."""

    sql: str
    leaky: str
    safe: str
    found: tuple[str, str]


TWINS = {
    "a board is open to read on purpose, and still nobody else's to change": Twins(
        """
        create table threads (id uuid primary key default gen_random_uuid(), author uuid not null default auth.uid()
            references auth.users, headline text not null);
        alter table threads enable row level security;
        create policy look on threads for select using (true);
        create policy start on threads for insert to authenticated with check (author = auth.uid());
        create policy edit on threads for update to authenticated using ({}) with check (author = auth.uid());
        """,
        "true",
        "author = auth.uid()",
        ("public.threads", "UPDATE"),
    ),
    "what is kept to oneself is no board, whatever its other policies": Twins(
        """
        create table diary_entries (id uuid primary key default gen_random_uuid(),
            writer uuid not null default auth.uid()
            references auth.users, entry text not null);
        alter table diary_entries enable row level security;
        create policy look on diary_entries for select using ({});
        create policy start on diary_entries for insert to authenticated with check (writer = auth.uid());
        create policy edit on diary_entries for update to authenticated using (writer = auth.uid());
        """,
        "true",
        "writer = auth.uid()",
        ("public.diary_entries", "SELECT"),
    ),
    "a list of those it is shared with is the owner's to fill": Twins(
        """
        create table albums (id uuid primary key default gen_random_uuid(), keeper uuid not null references auth.users,
            guests uuid[] not null default '{{}}', caption text not null);
        alter table albums enable row level security;
        create policy own on albums to authenticated using (keeper = auth.uid());
        create policy guest on albums for select to authenticated using ({});
        """,
        "array[auth.uid()] @> guests",
        "guests @> array[auth.uid()]",
        ("public.albums", "SELECT"),
    ),
    "what an organisation's rows come to is its own": Twins(
        """
        create table visits (id bigint generated always as identity primary key, clinic uuid not null,
            fee int not null);
        alter table visits enable row level security;
        create policy own on visits to authenticated
            using (clinic = (auth.jwt() -> 'app_metadata' ->> 'clinic')::uuid);
        create view takings {} as select clinic, sum(fee) as fees, count(*) as visits from visits group by clinic;
        """,
        "",
        "with (security_invoker = on)",
        ("public.takings", "SELECT"),
    ),
    "how many rows there are in all is nobody's secret, a sum asked for by name is somebody's": Twins(
        """
        create table donations (id bigint generated always as identity primary key,
            donor uuid not null references auth.users,
            amount numeric(8, 2) not null check (amount > 0));
        alter table donations enable row level security;
        create policy own on donations to authenticated using (donor = auth.uid());
        create view everything as select count(*) as donations, sum(amount) as amount from donations;
        create function given_by(p_donor uuid) returns numeric language sql stable security definer set search_path = ''
            as $$ select sum(amount) from public.donations where donor = p_donor {} $$;
        """,
        "",
        "and donor = auth.uid()",
        ("public.given_by(uuid)", "EXECUTE"),
    ),
    "a function that copies a row copies one's own": Twins(
        """
        create table recipes (id bigint generated always as identity primary key,
            cook uuid not null references auth.users, steps text not null);
        alter table recipes enable row level security;
        create policy own on recipes to authenticated using (cook = auth.uid());
        create function fork_recipe(p_recipe bigint) returns bigint language sql security definer set search_path = ''
            as $$ insert into public.recipes (cook, steps)
                select auth.uid(), steps from public.recipes where id = p_recipe {} returning id $$;
        """,
        "",
        "and cook = auth.uid()",
        ("public.fork_recipe(bigint)", "EXECUTE"),
    ),
    "a trigger that copies a row copies one's own": Twins(
        """
        create table designs (id uuid primary key default gen_random_uuid(), maker uuid not null references auth.users,
            plan text not null);
        create table jobs (id uuid primary key default gen_random_uuid(), maker uuid not null references auth.users,
            design uuid not null, plan text);
        alter table designs enable row level security;
        alter table jobs enable row level security;
        create policy own on designs to authenticated using (maker = auth.uid());
        create policy own on jobs to authenticated using (maker = auth.uid());
        create function take_plan() returns trigger language plpgsql security definer set search_path = '' as $$ begin
            new.plan := (select d.plan from public.designs d where d.id = new.design {});
            return new;
        end $$;
        create trigger take_plan before insert on jobs for each row execute function take_plan();
        """,
        "",
        "and d.maker = new.maker",
        ("public.jobs", "SELECT"),
    ),
    "a share that was taken back opens nothing, though it has no end": Twins(
        """
        create table folders (id uuid primary key default gen_random_uuid(), keeper uuid not null references auth.users,
            caption text not null);
        create table folder_guests (folder_id uuid references folders on delete cascade,
            guest uuid references auth.users, valid_until timestamptz, withdrawn_at timestamptz,
            primary key (folder_id, guest));
        alter table folders enable row level security;
        alter table folder_guests enable row level security;
        create policy own on folders to authenticated using (keeper = auth.uid());
        create policy mine on folder_guests for select to authenticated using (guest = auth.uid());
        create policy guest on folders for select to authenticated using (exists (select from folder_guests g
            where g.folder_id = folders.id and g.guest = auth.uid() {}));
        """,
        "and (g.withdrawn_at is null or g.valid_until is null or g.valid_until > now())",
        "and g.withdrawn_at is null and (g.valid_until is null or g.valid_until > now())",
        ("public.folders", "SELECT"),
    ),
    "a membership that is switched off opens nothing": Twins(
        """
        create table crews (id uuid primary key default gen_random_uuid(), motto text not null);
        create table crew_members (crew_id uuid references crews on delete cascade, user_id uuid references auth.users,
            active boolean not null default true, primary key (crew_id, user_id));
        alter table crews enable row level security;
        alter table crew_members enable row level security;
        create policy mine on crew_members for select to authenticated using (user_id = auth.uid());
        create policy ours on crews for select to authenticated using (exists (select from crew_members m
            where m.crew_id = crews.id and m.user_id = auth.uid() {}));
        """,
        "and m.active is not null",
        "and m.active",
        ("public.crews", "SELECT"),
    ),
    "organisations whose names differ by case are two": Twins(
        """
        create table parcels (depot text not null, day date not null, weight int not null, primary key (depot, day));
        alter table parcels enable row level security;
        create policy own on parcels for select to authenticated
            using ({});
        """,
        "lower(depot) = lower(auth.jwt() -> 'app_metadata' ->> 'depot')",
        "depot = (auth.jwt() -> 'app_metadata' ->> 'depot')",
        ("public.parcels", "SELECT"),
    ),
    "an organisation's name is no pattern": Twins(
        """
        create table parcels (id bigint generated always as identity primary key, depot text not null, label text);
        alter table parcels enable row level security;
        create policy own on parcels for select to authenticated
            using ({});
        """,
        "depot like (auth.jwt() -> 'app_metadata' ->> 'depot')",
        "depot = (auth.jwt() -> 'app_metadata' ->> 'depot')",
        ("public.parcels", "SELECT"),
    ),
    "two users without an organisation are no colleagues": Twins(
        """
        create table people (id uuid primary key references auth.users, team uuid);
        create table sketches (id uuid primary key default gen_random_uuid(), drawn_by uuid not null references people,
            team uuid, strokes text not null);
        alter table people enable row level security;
        alter table sketches enable row level security;
        create policy me on people for select to authenticated using (id = auth.uid());
        create policy own on sketches for select to authenticated using (drawn_by = auth.uid());
        create policy ours on sketches for select to authenticated
            using (team {} (select p.team from people p where p.id = auth.uid()));
        """,
        "is not distinct from",
        "=",
        ("public.sketches", "SELECT"),
    ),
    "a number that names rows of two tables asks for the kind": Twins(
        """
        create table cars (id int primary key, driver uuid not null references auth.users, plate text);
        create table ferries (id int primary key, captain uuid not null references auth.users, berth text);
        create table repairs (id uuid primary key default gen_random_uuid(),
            vehicle_kind text not null check (vehicle_kind in ('car', 'ferry')), vehicle_id int not null, what text);
        alter table cars enable row level security;
        alter table ferries enable row level security;
        alter table repairs enable row level security;
        create policy own on cars to authenticated using (driver = auth.uid());
        create policy own on ferries to authenticated using (captain = auth.uid());
        create policy of_cars on repairs for select to authenticated
            using (vehicle_kind = 'car' and exists (select from cars c where c.id = vehicle_id));
        create policy of_ferries on repairs for select to authenticated
            using ({} exists (select from ferries f where f.id = vehicle_id));
        """,
        "",
        "vehicle_kind = 'ferry' and",
        ("public.repairs", "SELECT"),
    ),
    "what a trigger takes, it takes from one's own": Twins(
        """
        create table stores (keeper uuid primary key references auth.users, bricks int not null check (bricks >= 0));
        create table houses (id bigint generated always as identity primary key,
            from_store uuid not null references stores, bricks int not null check (bricks between 1 and 5000),
            built_by uuid not null default auth.uid());
        create function take_bricks() returns trigger language plpgsql security definer set search_path = '' as $$ begin
            update public.stores set bricks = bricks - new.bricks where keeper = new.from_store;
            return new;
        end $$;
        create trigger take_bricks before insert on houses for each row execute function take_bricks();
        alter table stores enable row level security;
        alter table houses enable row level security;
        create policy own on stores for select to authenticated using (keeper = auth.uid());
        create policy own on houses for select to authenticated using (from_store = auth.uid());
        create policy build on houses for insert to authenticated with check (built_by = auth.uid() {});
        """,
        "",
        "and from_store = auth.uid()",
        ("public.houses", "INSERT"),
    ),
    "brackets that are missing open what is nobody else's": Twins(
        """
        create table dossiers (id uuid primary key default gen_random_uuid(),
            handler uuid not null references auth.users, locked boolean not null default false,
            form text not null check (form in ('brief', 'outline')), body text);
        alter table dossiers enable row level security;
        create policy own on dossiers for select to authenticated using (handler = auth.uid() and {});
        """,
        "not locked or form = 'outline'",
        "(not locked or form = 'outline')",
        ("public.dossiers", "SELECT"),
    ),
}


@pytest.fixture(scope="module")
def platform(make_template: Callable[[list[str]], str]) -> str:
    return make_template(["supabase"])


@pytest.fixture
def searched(clone: Callable[[str], str], platform: str) -> Callable[[str], Search]:
    def search(sql: str) -> Search:
        with psycopg.connect(clone(platform), autocommit=True) as connection:
            connection.execute(sql.encode())
            catalog = read(connection)
            with probing(connection, catalog, may_write=True) as session:
                return find_leaks(session)

    return search


@pytest.mark.parametrize("name", TWINS)
def test_the_hole_is_found(searched: Callable[[str], Search], name: str) -> None:
    twins = TWINS[name]
    found = {(leak.relation, leak.command) for leak in searched(twins.sql.format(twins.leaky)).leaks}
    assert twins.found in found


@pytest.mark.parametrize("name", TWINS)
def test_the_twin_is_silent_although_something_was_concluded(searched: Callable[[str], Search], name: str) -> None:
    twins = TWINS[name]
    search = searched(twins.sql.format(twins.safe))
    assert [leak.sentence for leak in search.leaks] == []
    assert search.concluded


def test_the_blame_of_a_sequence_begins_with_what_opened_the_way(searched: Callable[[str], Search]) -> None:
    search = searched(
        """
        create table bands (id uuid primary key default gen_random_uuid(), songs text not null);
        create table band_players (band_id uuid references bands, user_id uuid references auth.users,
            primary key (band_id, user_id));
        alter table bands enable row level security;
        alter table band_players enable row level security;
        create policy mine on band_players for select to authenticated using (user_id = auth.uid());
        create policy step_in on band_players for insert to authenticated with check (user_id = auth.uid());
        create policy ours on bands for select to authenticated using (exists (select from band_players p
            where p.band_id = bands.id and p.user_id = auth.uid()));
        """
    )
    blame = next(leak.blame for leak in search.leaks if leak.relation == "public.bands")
    assert blame.startswith("policy step_in on public.band_players for insert")
    assert "that opens policy ours on public.bands" in blame
