"""What statements do in the end: what reaches outside is named with its way there, and so are the sequences drawn from.

Proven by databases in which a look-alike stands beside each thing: the same words in comments, in other strings, in
functions that nothing calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.effects import Effects
from pgcontract.catalog.snapshot import read

if TYPE_CHECKING:
    from collections.abc import Callable

SQL = r"""
create extension dblink;
create extension postgres_fdw;
create extension citext;
create table hist (id bigint generated always as identity primary key, what text);
create table notes (id bigserial primary key, body text, owner uuid);
create table hooked (id int primary key, note bigint references notes on delete cascade, x text);
create table quiet (id int primary key, x text);
create table "Odd ""one" (id int);
create table parted (id int) partition by range (id);
create table parted_1 partition of parted for values from (0) to (10);
create sequence spare;
create function audit() returns trigger language plpgsql as $$
begin insert into hist (what) values (tg_op); return new; end $$;
create function tell(what text) returns void language plpgsql as $$ begin perform dblink_exec('host=x', what); end $$;
create function hook() returns trigger language plpgsql as $$ begin perform public.tell(new.x); return new; end $$;
create function progged() returns void language plpgsql as $$
begin execute 'copy notes to program ''curl x'''; end $$;
create function file_read() returns text language sql as $$ select pg_catalog.pg_read_file('x') $$;
create function shouted() returns text language sql as $$ select PG_READ_FILE('x') $$;
create function exported() returns int language plpgsql as $$ begin return lo_export(1, 'x'); end $$;
create function locked() returns void language sql as $$ select pg_advisory_lock(1) $$;
create function locked_for_now() returns void language sql as $$ select pg_advisory_xact_lock(1) $$;
create function standard() returns text language sql
begin atomic select pg_read_file('x'); end;
create function calm(a int) returns int language plpgsql as $$
begin
    /* perform dblink_exec('x', 'y'); /* nested */ pg_read_file('x') */
    -- copy notes to program 'x'
    raise notice 'http is fine';
    return a;
end $$;
create function numbered() returns bigint language sql as $$ select nextval('public.spare') $$;
create function any_number(s text) returns bigint language plpgsql as $$ begin return nextval(s::regclass); end $$;
create function kept() returns void language sql as $$ insert into notes (id, body) values (0, 'x') $$;
create function lost() returns void language sql as $$ insert into notes (body) values ('x') $$;
create function fires() returns void language sql as $$ update hooked set x = x $$;
create function looped(n int) returns int language plpgsql as $$ begin return public.looped(n - 1); end $$;
create trigger audit after insert or update on notes for each row execute function audit();
create trigger hook after update or delete on hooked for each row execute function hook();
create trigger off after insert on quiet for each row execute function hook();
alter table quiet disable trigger off;
create trigger hook before insert on parted_1 for each row execute function hook();
create trigger hook before insert on "Odd ""one" for each row execute function hook();
create view through as select file_read() as f, n.* from notes as n;
create view plain as select * from hooked;
create server elsewhere foreign data wrapper postgres_fdw;
create foreign table far (a int) server elsewhere;
create table policed (id int);
alter table policed enable row level security;
create policy own on policed using (public.file_read() = 'x');
create table ruled (id int);
create rule r as on insert to ruled do also select public.file_read();
create table checked (id int check (public.shouted() is not null));
create domain told as text check (public.shouted() is not null);
create table of_domain (a told);
create table parent (id int primary key);
create table child (id int primary key references parent on update set null, x text);
create trigger hook after update on child for each row execute function hook();
"""

OUTSIDE = {
    "select public.tell('x')": "calls public.tell(text), which calls public.dblink_exec(text), which belongs to the",
    "select dblink_connect('x')": "dblink",
    "delete from hooked": "fires the trigger hook of public.hooked, which calls public.tell(text)",
    "delete from public.notes where id = 1": "which cascades to public.hooked, which fires the trigger hook",
    "with gone as (delete from hooked returning *) select * from gone": "trigger hook",
    "insert into hooked values (1) on conflict (id) do update set x = 'y'": "trigger hook",
    "merge into hooked using notes on true when matched then delete": "trigger hook",
    "update plain set x = 'y'": "which writes through to public.hooked",
    "select public.fires()": "calls public.fires(), which writes to public.hooked",
    "do $$ begin perform pg_read_file('x'); end $$": "reaches outside by pg_read_file",
    "select progged()": "reaches outside by COPY … PROGRAM",
    "copy notes to '/tmp/x'": "reaches outside by COPY with a file",
    "select public.file_read()": "reaches outside by pg_catalog.pg_read_file",
    "select shouted()": "reaches outside by pg_read_file",
    "select standard()": "pg_read_file",
    "select exported()": "lo_export",
    "select locked()": "pg_advisory_lock",
    "select * from through": "reads public.through, which calls public.file_read()",
    "select * from far": "is a foreign table, whose rows are on the server elsewhere",
    "select * from policed": "calls public.file_read()",
    "insert into ruled values (1)": "calls public.file_read()",
    "insert into checked values (1)": "calls public.shouted()",
    "insert into of_domain values ('x')": "calls public.shouted()",
    "insert into parted values (1)": "which writes to public.parted_1, which fires the trigger hook",
    'insert into "Odd ""one" values (1)': "trigger hook",
    "update parent set id = 2": "which sets columns of public.child, which fires the trigger hook",
}
INSIDE = [
    "select * from notes",
    "select * from hooked for update",
    "insert into hooked (id, x) values (1, 'copy x to program')",
    "insert into quiet (id, x) values (1, 'dblink_exec(1)')",
    "insert into parent values (1)",
    "delete from parent",
    "select calm(1)",
    "select looped(1)",
    "select locked_for_now()",
    "select 'select pg_read_file(1)'",
    "select pg_catalog.set_config('role', 'x', true)",
    "truncate hooked",
    "select citext('x')",
    "select 'unclosed",
]
DRAWN: dict[str, set[str]] = {
    "select * from notes": set(),
    "insert into notes (id, body) values (1, 'x')": {"public.hist_id_seq"},
    "insert into notes (body) values ('x')": {"public.hist_id_seq", "public.notes_id_seq"},
    "insert into notes default values": {"public.hist_id_seq", "public.notes_id_seq"},
    "insert into notes (id, body) values (default, 'x')": {"public.hist_id_seq", "public.notes_id_seq"},
    "insert into hist (id, what) overriding system value values (1, 'x')": set(),
    "insert into hist values (1, 'x')": {"public.hist_id_seq"},
    "update notes set body = 'x'": {"public.hist_id_seq"},
    "delete from quiet": set(),
    "select numbered()": {"public.spare"},
    "select setval('spare', 7)": {"public.spare"},
    "select any_number('spare')": {"public.hist_id_seq", "public.notes_id_seq", "public.spare"},
    "select kept()": {"public.hist_id_seq"},
    "select lost()": {"public.hist_id_seq", "public.notes_id_seq"},
}


@pytest.fixture(scope="module")
def effects(make_template: Callable[[Any], str], server: Any, fresh_name: Callable[[], str]) -> Any:
    def build(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(SQL.encode())

    name = fresh_name()
    url = server.create_database(name, make_template(build))
    with psycopg.connect(url, autocommit=True) as connection:
        yield Effects(read(connection))
    server.drop_database(name)


pytestmark = [pytest.mark.pg(">= 15"), pytest.mark.extension("dblink", "postgres_fdw", "citext")]


@pytest.mark.parametrize("statement", OUTSIDE)
def test_what_reaches_outside_is_named_with_its_way_there(effects: Effects, statement: str) -> None:
    assert OUTSIDE[statement] in (effects.of_statement(statement).outside or "it stays inside")


@pytest.mark.parametrize("statement", INSIDE)
def test_what_stays_inside_is_let_through(effects: Effects, statement: str) -> None:
    assert effects.of_statement(statement).outside is None


@pytest.mark.parametrize("statement", DRAWN)
def test_the_sequences_that_a_statement_draws_from_are_known(effects: Effects, statement: str) -> None:
    assert effects.of_statement(statement).sequences == DRAWN[statement]
