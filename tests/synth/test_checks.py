"""Checks of the usual shapes are solved: every row that Hypothesis draws, and every row of a maker, goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from pgcontract.contract.session import Refused
from pgcontract.synth import CannotSynthesise, Maker, rows
from pgcontract.synth.filtering import undecided
from pgcontract.synth.inserting import insert
from pgcontract.synth.plan import plan_of

if TYPE_CHECKING:
    from tests.synth.conftest import Stage

SOLVED = [
    # comparisons
    "a int not null check (a > 5 and a <= 7)",
    "a int not null check (a between -3 and -1)",
    "a int not null check (5 < a and 100 >= a)",
    "a smallint not null check (a >= 32767)",
    "a bigint not null check (a > 9000000000000000000)",
    "a numeric(6,3) not null check (a > 0 and a < 0.002)",
    "a numeric(4,2) not null check (a >= 99.99)",
    "a double precision not null check (a >= -1 and a <= 1 and a <> 0)",
    "a int not null check (a <> 0 and a not in (1, 2, 3) and a >= 0 and a < 6)",
    "a int not null check (abs(a) <= 2)",
    "a int not null check (a % 7 = 3 and a > 100)",
    "a int not null check (mod(a, 2) = 0)",
    "a money not null check (a > '0' and a < '1.50')",
    "a date not null check (a >= '2001-02-03' and a < '2001-03-01')",
    "a date not null check (a < current_date)",
    "a timestamptz not null check (a > now() and a < now() + interval '2 hours')",
    "a timestamp not null check (date_trunc('hour', a) = a)",
    "a date not null check (date_trunc('month', a) = a)",
    "a date not null check (extract(dow from a) not in (0, 6))",
    "a date not null check (extract(year from a) = 1999)",
    "a time not null check (a >= '08:00' and a < '18:00')",
    "a interval not null check (a > '1 hour' and a <= '2 hours')",
    "a bool not null check (a)",
    "a bool not null check (not a)",
    "a bool not null check (a is true)",
    # texts
    "a text not null check (a in ('x', 'y'))",
    "a varchar(9) not null check (a = any (array['x', 'y']))",
    "a text not null check (a <> '')",
    "a text not null check (length(a) = 17)",
    "a text not null check (char_length(a) between 30 and 31)",
    "a char(3) not null check (a ~ '^[A-Z]{3}$')",
    "a text not null check (a = lower(a) and a ~ '^[A-Za-z]+$')",
    "a text not null check (upper(a) = a)",
    "a text not null check (lower(a) = 'yes')",
    "a text not null check (btrim(a) <> '' and a = btrim(a))",
    "a text not null check (length(trim(a)) > 2)",
    "a text not null check (a ~ '^[0-9a-f]+$' and length(a) = 40)",
    "a text not null check (a ~* '^HTTPS?://[^/]+\\.(com|org)(/.*)?$')",
    "a text not null check (a !~ '[0-9]')",
    "a text not null check (a ~ '^(?!bad)\\w{3,8}$')",
    "a text not null check (a ~ '\\d{3}' and a !~ '\\s' and length(a) <= 12)",
    "a text not null check (a ~ '^\\+?[1-9]\\d{1,14}$')",
    "a text not null check (a like 'ab_c%' and a like '%z')",
    "a text not null check (a not like '%a%')",
    "a text not null check (a ilike 'ABC%')",
    "a text not null check (a similar to '(x|y){2}[0-9]%')",
    "a text not null check (position('@' in a) > 1)",
    "a text not null check (strpos(a, '#') > 0)",
    "a text not null check (starts_with(a, 'usr_'))",
    "a text not null check (a between 'b' and 'd')",
    "a bytea not null check (octet_length(a) = 32)",
    "a bytea not null check (length(a) > 3)",
    # NULL and alternatives
    "a int check (a is null or a > 10)",
    "a int check (a is not null)",
    "a int, b int, check (num_nonnulls(a, b) = 1)",
    "a int, b int, c int, check (num_nulls(a, b, c) in (0, 3))",
    "a int, b int, check ((a is null) = (b is null))",
    "a int, b int, check ((a is null) <> (b is null))",
    "a int, b int, check ((a is not null)::int + (b is not null)::int = 1)",
    "a int, b int, check (coalesce(a, b) is not null)",
    "a int check (coalesce(a, 0) > 3)",
    "a int, b text, check (case when a > 5 then b is not null else b is null end)",
    "a text not null, b text, check (case a when 'x' then b = 'y' when 'z' then b is null else false end)",
    "a bool not null, b timestamptz, check (a = (b is not null))",
    "a text not null check (a in ('on', 'off')), b int, check (a <> 'on' or b is not null)",
    "a text not null, b int, check ((a = 'x' and b = 1) or (a = 'y' and b > 2) or (a like 'z%' and b is null))",
    "a int, check (not (a is null))",
    "a int, b int, check (a is distinct from b)",
    "a int not null, b int, check (a is not distinct from b)",
    "a bool, b bool, check (a or b), check (not (a and b))",
    # between columns
    "a int not null, b int not null, check (a < b)",
    "a int not null check (a > 5), b int not null check (b < 8), check (a < b)",
    "a int not null, b int not null, c int not null, check (a <= b and b <= c)",
    "a int not null, b int not null, check (a <> b)",
    "a timestamptz not null, b timestamptz, check (b >= a)",
    "a timestamptz not null, b timestamptz not null, check (b > a + interval '1 day' and b - a < interval '3 days')",
    "a date not null, b date not null, check (b - a between 1 and 2)",
    "a numeric(8,2) not null, b numeric(8,2) not null, c numeric(9,2) not null, check (c = a + b)",
    "a int not null, b int not null, c int not null, check (a * b = c)",
    "a int not null, b int not null, check (b >= 2 * a)",
    "a text not null, b text not null, check (b like a || '%')",
    "a text not null, b text not null, check (a <> b)",
    "a int not null, b int not null, c int not null, check (greatest(a, b) < c)",
    # arrays
    "a int[] not null check (array_length(a, 1) = 4)",
    "a text[] not null check (cardinality(a) between 1 and 2)",
    "a text[] not null check (a <@ array['x', 'y'])",
    "a text[] not null check (a @> '{x}' and cardinality(a) >= 2)",
    "a text[] not null check ('x' = any (a))",
    "a int[] not null check (0 <= all (a) and 6 >= all (a))",
    "a text[] not null check (a && array['x'])",
    "a text[] not null check (array_position(a, null) is null)",
    # json
    "a jsonb not null check (jsonb_typeof(a) = 'array')",
    "a jsonb not null check (jsonb_typeof(a) = 'array' and jsonb_array_length(a) between 2 and 3)",
    "a jsonb not null check (a ? 'x' and a ? 'y')",
    "a jsonb not null check (a ->> 'kind' in ('p', 'q'))",
    "a jsonb not null check (a -> 'x' is not null)",
    "a jsonb not null check (jsonb_typeof(a -> 'x') = 'array' and a -> 'x' is not null)",
    "a jsonb not null check ((a ->> 'n')::int between 3 and 4)",
    "a jsonb not null check ((a ->> 'n')::numeric > 0.5)",
    "a jsonb not null check ((a ->> 'on')::boolean)",
    'a jsonb not null check (a @> \'{"v": 1, "w": [2]}\')',
    "a jsonb not null check (a #>> '{x,y}' = 'z')",
    "a jsonb not null check (a ->> 'mail' ~ '^[a-z]+@[a-z]+$')",
    # ranges
    "a int4range not null check (not isempty(a) and lower(a) >= 1)",
    "a tstzrange not null check (upper(a) - lower(a) < interval '30 days')",
    "a daterange not null check (lower_inc(a) and not upper_inc(a) and not lower_inf(a))",
    # enums, whose order is that of their labels
    "a size not null check (a > 'xl')",
    "a size not null check (a >= 'xl' and a <> 's')",
    "a size not null, b int, c int, check ((a = 's') = (b is not null)), check ((a = 'm') = (c is not null))",
    "a size not null check (a not in ('s', 'm'))",
    # functions of one's own
    "a text not null check (slug(a))",
    "a int not null check (in_range(a, 3, 4))",
]

FUNCTIONS = """
create type size as enum ('xl', 'm', 's');
create function slug(t text) returns boolean language sql immutable as $$ select t ~ '^[a-z]+(-[a-z]+)*$' $$;
create function in_range(v int, low int, high int) returns boolean language plpgsql immutable as $$
begin
    return v >= low and v <= $3;  -- both included
end $$;
create function opaque(t text) returns boolean language plpgsql immutable as $$
begin
    perform 1;
    return t ~ '^[^@ ]+@[^@ ]+\\.[a-z]+$';
end $$;
"""


@pytest.mark.parametrize("columns", SOLVED)
def test_is_solved_here(columns: str, stage: Stage) -> None:
    with stage(f"{FUNCTIONS} create table t (id int primary key, {columns})") as session:
        plan = plan_of(session.catalog, "public.t")

        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(rows("t", session.catalog))
        def drawn(row: dict[str, object]) -> None:
            assert not undecided(plan, row)
            with session.trial():
                insert(session, session.catalog.tables["public.t"], row)

        drawn()
        assert len(Maker(session, session.catalog, seed=3, canary=lambda *_: "mk7").rows("t", 5)) == 5


ASKED = [
    "a text not null check (opaque(a))",
    "a text check (opaque(a)), b text not null check (opaque(b))",
    "a int not null check (a::bit(8) & B'00000001' = B'00000001')",
    "a text not null check (reverse(a) = a and length(a) > 0)",
    "a point not null check (a <-> point(0,0) < 100)",
    "a text not null check (to_tsvector('simple', a) @@ to_tsquery('simple', 'abc | a'))",
]


@pytest.mark.parametrize("columns", ASKED)
def test_is_chosen_by_the_server(columns: str, stage: Stage) -> None:
    with stage(f"{FUNCTIONS} create table t (id int primary key, {columns})") as session:
        assert len(Maker(session, session.catalog).rows("t", 3)) == 3

        @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(rows("t", session.catalog, session=session))
        def drawn(row: dict[str, object]) -> None:
            with session.trial():
                insert(session, session.catalog.tables["public.t"], row)

        drawn()


def test_without_a_session_a_check_that_is_not_understood_is_said(stage: Stage) -> None:
    with stage(f"{FUNCTIONS} create table t (a text not null constraint looks_right check (opaque(a)))") as session:

        @settings(max_examples=1, database=None, suppress_health_check=list(HealthCheck))
        @given(rows("t", session.catalog))
        def drawn(_row: dict[str, object]) -> None:
            raise AssertionError("it cannot know")

        with pytest.raises(CannotSynthesise, match="only the server can evaluate looks_right"):
            drawn()


IMPOSSIBLE = [
    ("a int not null check (a > 5 and a < 5)", "public.t"),
    ("a text not null check (a in ('x') and a <> 'x')", "public.t"),
    ("a text not null check (length(a) > 5), b int not null check (b = 1 and b = 2)", "b"),
    ("a int, check (a is null and a is not null)", "public.t"),
]


@pytest.mark.parametrize(("columns", "said"), IMPOSSIBLE)
def test_what_cannot_be_is_said(columns: str, said: str, stage: Stage) -> None:
    with stage(f"create table t (id int primary key, {columns})") as session:
        with pytest.raises(CannotSynthesise, match=said) as raised:
            Maker(session, session.catalog).row("t")
        assert raised.value.table == "public.t"
        assert "id" in raised.value.pin


def test_a_row_that_breaks_a_check_is_refused(stage: Stage) -> None:
    """The positive control: the server does look at the rows of these tests."""
    with stage("create table t (id int primary key, a int check (a > 5))") as session, pytest.raises(Refused):
        insert(session, session.catalog.tables["public.t"], {"id": 1, "a": 3})
