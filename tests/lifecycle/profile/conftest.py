"""A shop with rows, of which most rules have something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.embedded import Databases

Connection: TypeAlias = psycopg.Connection[Any]

SHOP = """
create extension citext;
create type mood as enum ('sad', 'ok', 'happy', 'never');
create domain positive as int check (value > 0);
create domain some_text as text not null;
create table users (
    id bigint generated always as identity primary key, email text not null, site text, role text, first_name text,
    plan char(4), "odd ""col" text, joined timestamptz not null default now()
);
insert into users (email, site, role, first_name, plan, "odd ""col", joined)
select 'u' || i || '@example.com', case when i % 4 > 0 then 'https://example.com/' || i end,
    (array['admin', 'user', 'guest'])[1 + i % 3], (array['Ada', 'Bob'])[1 + i % 2], (array['pro', 'free'])[1 + i % 2],
    repeat('x', 1 + i % 30), now() - make_interval(mins => i)
from generate_series(1, 100) i;
create table orders (
    id bigint generated always as identity primary key, user_id bigint, product_id bigint, total numeric(10, 2),
    quantity smallint, score double precision, birthday date, shipped date, code varchar(6),
    state varchar(9) check (state in ('open', 'paid')), origin text, nothing text, due timestamptz, number int
);
insert into orders (user_id, product_id, total, quantity, score, birthday, shipped, code, state, origin, due, number)
select 1 + i % 100, i, i * 3.5, 1 + i % 7, case when i = 3 then 'NaN'::float8 else -i end, date '1970-01-01' + i,
    date '2019-03-04' + i, 'c' || i, (array['open', 'paid'])[1 + i % 2],
    case when i % 2 = 0 then 'a@b.example' else 'none' end, now() + interval '1 year', 1000 + i
from generate_series(1, 300) i;
create table products (id bigint primary key);
insert into products values (1);
create table few (amount int, note text);
insert into few values (1, 'a'), (2, 'b');
create table nobody (a int);
create materialized view totals as select quantity, total from orders;
create view seen as select * from orders;
create table parts (id int, k int) partition by range (id);
create table parts_1 partition of parts for values from (0) to (1000);
insert into parts select i, i % 5 from generate_series(1, 60) i;
create table hidden (secret int);
insert into hidden select generate_series(1, 60);
alter table hidden enable row level security;
"""


@pytest.fixture(scope="session")
def rows(server: Databases, fresh_name: Callable[[], str], keep: Callable[[Connection], None]) -> Iterator[Connection]:
    """A connection to the shop; what a test changes it rolls back."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name)) as connection:
        keep(connection)
        connection.execute(SHOP)
        connection.commit()
        yield connection
    server.drop_database(name)
