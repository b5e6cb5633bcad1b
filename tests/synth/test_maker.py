"""What a maker promises: parents first, pins, markers, rows that differ, and a database that is left as it was."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.session import Refused
from pgcontract.synth import NOT_PINNED, CannotSynthesise, Inserted, Maker

if TYPE_CHECKING:
    from tests.synth.conftest import Stage

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation

FORUM = """
create type mood as enum ('glad', 'sad', 'mad');
create table users (id uuid primary key, name text not null unique, email varchar(12) unique);
create table boards (id int generated always as identity primary key, owner uuid not null references users);
create table posts (
    id bigserial primary key,
    board int not null references boards,
    author uuid not null references users,
    parent bigint references posts,
    title text not null check (title ~ '^[a-z0-9 -]+$'),
    mood mood, pinned boolean not null default false, tags text[] not null default '{}', due timestamptz,
    kind text not null check (kind in ('note', 'link')), url text check ((kind = 'link') = (url is not null)),
    body jsonb not null, code char(2) check (code ~ '^[A-Z]{2}$'), blob bytea
);
"""


def test_parents_come_first_and_are_told(stage: Stage) -> None:
    with stage(FORUM) as session:
        row = Maker(session, session.catalog).row("posts")
        assert row.key == {"id": row.values["id"]}
        tables = [other.table for other in row.made]
        assert tables.index("public.users") < tables.index("public.boards")
        ((count,),) = session.rows(
            "select count(*) from posts join boards on boards.id = board join users on users.id = author"
        )
        assert count == 1


def test_parents_are_taken_from_where_from_the_order_and_from_the_maker(stage: Stage) -> None:
    with stage(FORUM) as session:
        first, second = (Maker(session, session.catalog).row("users") for _ in range(2))
        maker = Maker(session, session.catalog, parents={"users": first})
        assert maker.row("posts").values["author"] == first.values["id"]
        assert maker.row("posts", parents={"public.users": second}).values["author"] == second.values["id"]
        made = maker.row("posts", {"author": second.values["id"]})
        assert made.values["author"] == second.values["id"]
        several = [maker.row("boards", parents={"users": [first, second]}).values["owner"] for _ in range(12)]
        assert set(several) == {first.values["id"], second.values["id"]}


def test_the_hook_is_asked_for_every_column_of_every_row(stage: Stage) -> None:
    asked: list[tuple[str, str]] = []

    def pin(relation: Relation, column: Column) -> Any:
        asked.append((relation.name, column.name))
        return {"pinned": True, "mood": st.just("sad"), "due": None}.get(column.name, NOT_PINNED)

    with stage(FORUM) as session:
        values = Maker(session, session.catalog, pin=pin).row("posts", {"title": "mine"}).values
    assert (values["pinned"], values["mood"], values["due"], values["title"]) == (True, "sad", None, "mine")
    assert {("public.users", "name"), ("public.boards", "owner")} <= set(asked)
    assert ("public.posts", "title") not in asked


def test_a_marker_stands_in_every_text_that_has_room(stage: Stage) -> None:
    with stage(FORUM) as session:
        maker = Maker(session, session.catalog, canary=lambda _, column: f"mark9-{column.name}")
        row = maker.row("posts", {"kind": "link"})
        assert all("mark9" in str(row.values[name]) for name in ("title", "url", "tags", "body"))
        assert b"mark9" in bytes(row.values["blob"])
        assert len(row.values["code"]) == 2
        user = next(other for other in row.made if other.table == "public.users")
        assert user.values["name"].startswith("mark9-name")
        assert user.values["email"].startswith("mark9")  # the whole marker had no room beside something of its own


def test_four_rows_show_every_side(stage: Stage) -> None:
    with stage(FORUM) as session:
        made = [row.values for row in Maker(session, session.catalog).rows("posts", 8)]
        (now,) = session.rows("select now()")[0]
    assert {row["mood"] for row in made} == {"glad", "sad", "mad", None}
    assert {row["pinned"] for row in made} == {True, False}
    assert {row["kind"] for row in made} == {"note", "link"}
    assert {bool(row["tags"]) for row in made} == {True, False}
    assert {row["due"] and row["due"] > now for row in made} == {True, False, None}
    assert {row["parent"] is None for row in made} == {True, False}


def test_the_same_seed_makes_the_same_rows(stage: Stage) -> None:
    made = []
    for seed in (5, 5, 6):
        with stage(FORUM) as session:
            made.append([row.key for row in Maker(session, session.catalog, seed=seed).rows("posts", 3)])
    assert made[0] == made[1] != made[2]


def test_two_makers_of_one_session_do_not_meet(stage: Stage) -> None:
    with stage(FORUM) as session:
        keys = [Maker(session, session.catalog).row("posts").values for _ in range(2)]
    assert keys[0]["id"] != keys[1]["id"]
    assert keys[0]["author"] != keys[1]["author"]


def test_what_is_to_be_avoided_is_not_drawn(stage: Stage) -> None:
    with stage(FORUM) as session:
        maker = Maker(session, session.catalog)
        moods = {maker.row("posts", avoid={"mood": ["glad"], "pinned": [False]}).values["mood"] for _ in range(10)}
        assert moods == {"sad", "mad"}


def test_sequences_do_not_move(stage: Stage) -> None:
    with stage(FORUM) as session:
        Maker(session, session.catalog).rows("posts", 3)
        assert session.rows("select count(*) from pg_catalog.pg_sequences where last_value is not null") == [(0,)]


GOES_IN = {
    "a key of oneself": "create table t (id int primary key, up int not null references t)",
    "a circle that can be deferred": """
        create table t (id int primary key, other int not null);
        create table u (id int primary key, t int not null references t);
        alter table t add foreign key (other) references u deferrable""",
    "a circle with a hole": """
        create table t (id int primary key, other int);
        create table u (id int primary key, t int not null references t);
        alter table t add foreign key (other) references u""",
    "a composite key that is full": """
        create table p (a int, b text, primary key (a, b));
        create table t (a int, b text, c int, foreign key (a, b) references p match full)""",
    "a composite key by a unique constraint in another order": """
        create table p (a int not null, b text not null, unique (a, b));
        create table t (x text, y int not null, foreign key (y, x) references p (a, b))""",
    "an identity": """create table t
        (id int generated always as identity primary key, big bigint generated by default as identity)""",
    "generated columns": """create table t
        (id int generated always as identity, twice int generated always as (2) stored)""",
    "no columns": "create table t ()",
    "odd names": """create table "a ""b%s" ("x%" int primary key, "y""z" text check ("y""z" like 'q\\%%'));
        create table t ("%s" int not null references "a ""b%s", "select" int default 5)""",
    "a partition by its own name": """
        create table p (id int, kind text not null) partition by list (kind);
        create table t partition of p for values in ('x', 'y')""",
    "a trigger that fills": """
        create table t (id int primary key, slug text not null, at timestamptz);
        create function fill() returns trigger language plpgsql as $$
        begin new.slug := 'x' || new.id; return new; end $$;
        create trigger fill before insert on t for each row execute function fill()""",
    "a trigger that refuses": """
        create table t (id int primary key, n int not null, s text not null);
        create function guard() returns trigger language plpgsql as $$ begin
            if new.n not between 11 and 12 or new.s !~ '^ok' then raise exception 'no'; end if; return new; end $$;
        create trigger guard before insert on t for each row execute function guard()""",
    "a trigger that makes the row first": """
        create table p (id int primary key);
        create table t (p int primary key references p, note text not null default '-');
        create function also() returns trigger language plpgsql as $$
        begin insert into t (p) values (new.id); return new; end $$;
        create trigger also after insert on p for each row execute function also()""",
    "one row of a kind": """
        create table p (id int primary key);
        create table t (id int primary key, p int not null references p, main boolean not null);
        create unique index one on t (p) where main""",
    "nulls that are not distinct": """create table t
        (id int primary key, a int check (a in (1, 2)), b int, unique nulls not distinct (a, b))""",
}


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize("name", GOES_IN)
def test_goes_in(name: str, stage: Stage) -> None:
    with stage(GOES_IN[name]) as session:
        made = Maker(session, session.catalog, canary=lambda *_: "mk").rows("t", 4)
        assert len(made) == 4
        session.rows("set constraints all immediate")
        assert session.rows("select count(*) >= 4 from t") == [(True,)]


@pytest.mark.extension("btree_gist")
def test_exclusion_constraints_are_kept(stage: Stage) -> None:
    with stage("""
        create extension btree_gist;
        create table t (room int check (room in (1, 2)), at tstzrange not null,
            exclude using gist (room with =, at with &&))
    """) as session:
        assert len(Maker(session, session.catalog).rows("t", 20)) == 20


def test_a_hole_in_a_circle_is_filled_afterwards(stage: Stage) -> None:
    with stage(GOES_IN["a circle with a hole"]) as session:
        row = Maker(session, session.catalog).row("t")
        assert row.values["other"] is not None
        assert session.rows("select t from u where id = %s", [row.values["other"]]) == [(row.values["id"],)]


NO = {
    "a circle that cannot be broken": (
        """create table t (id int primary key, other int not null);
        create table u (id int primary key, t int not null references t);
        alter table t add foreign key (other) references u""",
        "circle",
    ),
    "a trigger that keeps all out": (
        """create table t (id int primary key);
        create function keep_out() returns trigger language plpgsql as $$ begin return null; end $$;
        create trigger keep_out before insert on t for each row execute function keep_out()""",
        "without saying why",
    ),
    "a trigger that always refuses": (
        """create table t (id int primary key);
        create function no() returns trigger language plpgsql as $$ begin raise exception 'never on my watch'; end $$;
        create trigger no before insert on t for each row execute function no()""",
        "never on my watch",
    ),
    "a type without values": ("create table t (id int primary key, a pg_node_tree not null)", "pg_node_tree"),
}


@pytest.mark.parametrize("name", NO)
def test_what_does_not_go_in_is_said(name: str, stage: Stage) -> None:
    setup, reason = NO[name]
    with stage(setup) as session, pytest.raises(CannotSynthesise, match=reason) as raised:
        Maker(session, session.catalog).row("t")
    assert raised.value.hint == f"Give values for {', '.join(raised.value.pin)}."
    assert "id" in raised.value.pin


def test_a_pin_that_breaks_a_check_is_said(stage: Stage) -> None:
    with stage(FORUM) as session, pytest.raises(CannotSynthesise, match="posts"):
        Maker(session, session.catalog).row("posts", {"kind": "video"})


@pytest.mark.parametrize(("table", "column"), [("nothing", "id"), ("posts", "nothing")])
def test_what_is_not_there_is_said(table: str, column: str, stage: Stage) -> None:
    with stage(FORUM) as session, pytest.raises(MissingObjectError, match="nothing"):
        Maker(session, session.catalog).row(table, {column: 1})


def test_a_role_that_may_not_write_is_told_so_at_once(stage: Stage) -> None:
    with stage(f"{FORUM} create role pgcontract_synth_reader") as session:
        maker = Maker(session, session.catalog)
        with session.acting_as("pgcontract_synth_reader"), pytest.raises(CannotSynthesise, match="may not be written"):
            maker.row("users")


def test_an_entry_gets_what_balances_it(stage: Stage) -> None:
    with stage("""
        create table entries (id int primary key);
        create table lines (id int primary key, entry int not null references entries, amount numeric not null
            check (amount > 0), side text not null check (side in ('debit', 'credit')));
        create function balanced() returns trigger language plpgsql as $$
        declare total numeric;
        begin
            select coalesce(sum(case side when 'debit' then amount else -amount end), 0) into total
            from lines where entry = new.entry;
            if total <> 0 then raise exception 'out of balance'; end if;
            return null;
        end $$;
        create constraint trigger balanced after insert on lines deferrable initially deferred
            for each row execute function balanced();
    """) as session:
        Maker(session, session.catalog).row("lines")
        session.rows("set constraints all immediate")
        assert session.rows("select count(*), count(distinct side) from lines") == [(2, 2)]
        with pytest.raises(Refused, match="out of balance"):
            session.rows("insert into lines select 1, id, 1, 'debit' from entries")


def test_what_comes_back_is_what_is_stored(stage: Stage) -> None:
    with stage(
        "create table t (id int primary key, n numeric(5,1), up text generated always as ('v' || id::text) stored)"
    ) as session:
        row = Maker(session, session.catalog).row("t", {"id": 7, "n": "2.25"})
    assert isinstance(row, Inserted)
    assert (row.key, str(row.values["n"]), row.values["up"]) == ({"id": 7}, "2.3", "v7")


def test_hypothesis_is_loaded_only_where_it_is_used() -> None:
    program = "import sys, pgcontract, pgcontract.synth; assert 'hypothesis' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
