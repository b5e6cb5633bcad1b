"""Drifts as they happen, several statements at once: what hangs together is mended together, and no row is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog

    from .conftest import Mend

pytestmark = pytest.mark.pg(">= 15")  # whose SQL the setup speaks

SETUP = """
create schema lab; create role drift_reader;
create domain lab.lat as float8 constraint far check (value between -90 and 90);
create domain lab.word as text collate "C" check (value <> '') constraint short check (length(value) < 9);
comment on constraint short on domain lab.word is 'fits the label';
create type lab.place as (lat lab.lat, "Name, of" lab.word, height real);
comment on column lab.place.height is 'above the sea';
create table lab.sites (id int primary key, place lab.place default '(1,x,2)' check ((place).height > 0), name text,
    constraint named unique (name));
create index lats on lab.sites (((place).lat)) where (place).height > 1;
create view lab.heights as select id, (place).height from lab.sites;
create view lab.high as select id from lab.heights where height > 9;
create materialized view lab.tops as select max(height) as top from lab.heights;
create policy low on lab.sites for select to drift_reader using ((place).height < 9);
insert into lab.sites values (1, '(45,"a, b",3)', 'one'), (2, null, 'two'), (3, '(,,7)', 'three');
create table lab.parent (a int); create table lab.other (b int); create table lab.last (c int);
create table lab.child (d int) inherits (lab.parent, lab.other, lab.last);
create table lab.parted (id int, at date) partition by range (at);
create table lab.parted_1 partition of lab.parted for values from ('2020-01-01') to ('2021-01-01');
create table lab.parted_2 partition of lab.parted default;
create index parted_at on lab.parted (at desc);
create table lab.sums (id int primary key, good int, bad int,
    share numeric generated always as (good * 100 / bad) stored,
    check (share >= 0));
create index shares on lab.sums (share);
insert into lab.sums values (1, 3, 4);
create publication drifting for table lab.sums (id, good) where (good > 0);
create function lab.first(anyelement, anyarray) returns anyelement language sql as 'select $1';
create function lab.same(int, int) returns boolean language sql as 'select true';
create function lab.unlike(int, int) returns boolean language sql as 'select false';
create operator lab.=== (leftarg = int, rightarg = int, function = lab.same, negator = operator(lab.!==));
create operator lab.!== (leftarg = int, rightarg = int, function = lab.unlike, negator = operator(lab.===));
create foreign data wrapper drift_wrapper;
create server drift_server foreign data wrapper drift_wrapper options (host 'h', password 'secret');
create table lab.notes (id int primary key); create rule quiet as on delete to lab.notes do instead nothing;
"""
ROWS = "select id, place, name from lab.sites order by id"
DRIFTS = {
    "a domain's checks, within a column's composite": """alter domain lab.lat drop constraint far;
        alter domain lab.word drop constraint short; alter domain lab.word drop constraint word_check""",
    "a composite's attribute of another type": """drop policy low on lab.sites; drop view lab.heights cascade;
        drop index lab.lats; alter table lab.sites drop constraint sites_place_check, alter place type text;
        alter type lab.place alter attribute "Name, of" type varchar(20);
        alter table lab.sites alter place drop default, alter place type lab.place using place::lab.place""",
    "a composite's attribute that is dropped": 'alter type lab.place drop attribute "Name, of"',
    "a domain that is dropped": "drop domain lab.word cascade",
    "the order of parents": "alter table lab.child no inherit lab.parent; alter table lab.child no inherit lab.other",
    "an index made on the whole only": "drop index lab.parted_at; create index parted_at on only lab.parted (at desc)",
    "another index of partitions": "drop index lab.parted_at; create index parted_at on lab.parted (at)",
    "a type below a generated column and a publication": """alter publication drifting drop table lab.sums;
        alter table lab.sums drop share, alter good type bigint;
        alter table lab.sums add share numeric generated always as (good * 100 / bad) stored;
        alter publication drifting add table lab.sums (id, good) where (good > 0)""",
    "a polymorphic function and one of an operator": """drop function lab.first(anyelement, anyarray);
        drop function lab.unlike(int, int) cascade""",
    "a key's index without the key": """alter table lab.sites drop constraint named;
        create unique index named on lab.sites (name)""",
    "views of other columns": """drop view lab.heights cascade; create view lab.heights as select id from lab.sites;
        create view lab.high as select id, true as high from lab.heights;
        create materialized view lab.tops as select max(id) as top from lab.high""",
}
# Those that do not meddle with each other are mended together: each plan is made of a whole contract.
TOGETHER = (
    ("a domain's checks, within a column's composite", "the order of parents", "an index made on the whole only"),
    ("a composite's attribute of another type", "another index of partitions"),
    ("a type below a generated column and a publication", "a polymorphic function and one of an operator"),
    ("views of other columns", "a key's index without the key"),
)
LOSING = ("a composite's attribute that is dropped", "a domain that is dropped")


def test_every_drift_is_mended() -> None:
    assert sorted([*LOSING, *(drift for together in TOGETHER for drift in together)]) == sorted(DRIFTS)


@pytest.mark.parametrize("drifts", [*TOGETHER, *((drift,) for drift in LOSING)], ids=" and ".join)
def test_it_is_made_as_it_was(
    drifts: tuple[str, ...], mend: Mend, before: Catalog, unequal: Callable[[Catalog, Catalog], list[str]]
) -> None:
    """The catalog is what it was, and so are the rows, but for values that the drift itself has lost."""
    kept = [(1, '(45,"a, b",3)', "one"), (2, None, "two"), (3, "(,,7)", "three")]
    lost = [(id_, None if place is None else place.replace('"a, b"', ""), name) for id_, place, name in kept]
    mended = mend(";".join(DRIFTS[drift] for drift in drifts), rows=ROWS)
    assert not mended.plan.unresolved
    assert not mended.left
    assert not unequal(before, mended.after)
    assert mended.rows == (lost if drifts[0] in LOSING else kept)


LEFT = {
    "a secret": ("drop server drift_server", "option password of server drift_server is none, not any (No contract"),
    "a view for a table": ("drop table lab.notes; create view lab.notes as select 1 as id", "drop it, or call it"),
    "a schema that is not empty": ("create schema more create table of_theirs (id int)", "schema more is in"),
    "an operator's dead link": (
        """drop operator lab.=== (int, int), lab.!== (int, int);
        create operator lab.=== (leftarg = int, rightarg = int, function = lab.same, negator = operator(lab.!==));
        create operator lab.!== (leftarg = int, rightarg = int, function = lab.unlike);
        drop operator lab.!== (int, int)""",
        "negator of operator lab.=== (integer, integer) is (dropped)",
    ),
}


@pytest.mark.parametrize(("drift", "why"), LEFT.values(), ids=LEFT)
def test_what_no_statement_mends_is_said(drift: str, why: str, mend: Mend) -> None:
    """The statements for all else run nonetheless."""
    assert why in "\n".join(mend(drift).plan.unresolved)
