"""Values of odd types, out of range, on the border: what expectations say of them, by one look at a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from pgcontract import (
    DistinctShare,
    Fresh,
    MeanBetween,
    NoOrphans,
    NoPersonalData,
    NullShare,
    Quantiles,
    QueryReturnsNothing,
    Reconciles,
    RowCount,
    Suite,
    SumEquals,
    ValueLengths,
    ValuesBetween,
    ValuesIncreasing,
    ValuesInSet,
    ValuesMatch,
    ValuesNotNull,
    ValuesOfJsonSchema,
    ValuesUnique,
    verify,
)

if TYPE_CHECKING:
    import psycopg

Cases: TypeAlias = "list[tuple[Any, ...]]"
"""An expectation, its verdict, and words of its finding."""
P, F, E, S = "passed", "failed", "errored", "skipped"

DOMAINS = """
create domain small as int; create domain smaller as small check (value < 100);
create domain list as int[]; create domain doc as jsonb;
create schema date; create type date.x as range (subtype = int4); create type pair as (a int, b text);
create table t (id int primary key, i smaller, l list, j doc, p pair, d date.x, "pgc_value" int);
insert into t values (1, 5, '{1,2}', '{"a": 1}', row(1, null), '[1,2)', 1);
insert into t values (2, null, null, null, row(null, null), '[2,3)', 1);
"""
OF_DOMAINS: Cases = [
    (ValuesBetween("t", "i", 0, 5.5), P),
    (ValuesBetween("t", "i", 0, 4.5), F),
    (ValuesInSet("t", "i", [5.5]), F),
    (Quantiles("t", "i", {0.5: (4.5, 5.5)}), P),
    (ValueLengths("t", "l", 2), P),
    (ValueLengths("t", "l", 3), F),
    (ValuesOfJsonSchema("t", "j", {"type": "array"}), F),
    (ValuesIncreasing("t", "id", "pgc_value", per="i"), P),
    (ValuesNotNull("t", "p"), P),
    (NullShare("t", "p", at_most=0), P),
    (DistinctShare("t", "p", 1), P),
    (ValuesBetween("t", "d", "[0,1)", "[9,10)"), P),
    (QueryReturnsNothing("select p from t where id = 1"), F, "(1,)"),
]
CITEXT = """
create extension citext;
create domain mail as citext; create domain mail2 as mail;
create table t (id int primary key, m mail2, c citext); insert into t values (1, 'Ab', 'Ab'), (2, 'aB', 'aB');
create table u (id int primary key, c citext); insert into u values (1, 'AB');
"""
OF_CITEXT: Cases = [
    (ValuesUnique("t", "m"), F),
    (ValuesInSet("t", "m", ["AB"]), P),
    (ValuesInSet("t", "m", ["ab"], never=True), F),
    (ValuesMatch("t", "m", "^A"), P),
    (ValuesBetween("t", "m", "AB", "ab"), P),
    (ValuesIncreasing("t", "m", "id", strictly=True), F),
    (NoOrphans("t", "m", "u(c)"), P),
    (Reconciles("t", "m", "u(c)"), P),
    (Quantiles("t", "c", {0.5: ("ab", "AB")}), P),
]
NUMBERS = """
create table t (id int primary key, i int, b bigint, n numeric, f float8, m money, v interval, at timestamptz);
insert into t values (1, 1000, 9223372036854775807, 1e1000, 'NaN', 5.5, '1 day', '-infinity');
insert into t values (2, 1000, 9223372036854775807, 1e1000, 'Infinity', null, null, 'infinity');
"""
OF_NUMBERS: Cases = [
    (SumEquals("t", "b", 18446744073709551614), P),
    (SumEquals("t", "b", 18446744073709551615), F, "is 18446744073709551614, not 18446744073709551615"),
    (SumEquals("t", "b", 18446744073709551610, tolerance=4), P),
    (SumEquals("t", "b", 18446744073709551610, tolerance=3.9), F),
    (SumEquals("t", "b", other="t", other_column="b"), P),
    (SumEquals("t", "b", other="t", other_column="n"), F, "2.000000000e+1000"),
    (SumEquals("t", "f", "NaN"), P),
    (SumEquals("t", "f", other="t", other_column="f"), P),
    (SumEquals("t", "f", 1, tolerance=5), F, "is NaN, not 1 (by 5 at most)"),
    (SumEquals("t", "m", 5.5), P),
    (SumEquals("t", "m", 5, tolerance=0.4), F, "is $5.50, not 5"),
    (SumEquals("t", "v", "24 hours"), P),
    (SumEquals("t", "v", "2 days"), F, "is 1 day, not 2 days"),
    (SumEquals("t", "i", 0, where="id > 9"), P),
    (SumEquals("t", "v", 0, where="id > 9"), P),
    (MeanBetween("t", "n", at_most=5), F, "1.000000000e+1000"),
    (MeanBetween("t", "v", "2 days"), F, "is 1 day, not at least 2 days"),
    (ValuesBetween("t", "i", "1e3", "Infinity"), P),
    (ValuesBetween("t", "i", at_most="NaN"), P),
    (ValuesBetween("t", "i", "+1001"), F),
    (ValuesBetween("t", "b", at_most=10**30), P),
    (ValuesInSet("t", "n", [10**1000]), P),
    (Fresh("t", "at", "1 day"), F, "no newest value"),
]
BORDERS = """
create table t (id int primary key, a int, mail text);
insert into t select n, case when n = 1 then 99 else n end, case when n = 1 then 'a@example.com' end
from generate_series(1, 10) n;
create table o (id int, a int) partition by list (id);
create table o1 partition of o for values in (1); create table o2 partition of o for values in (2);
insert into o select 1, n % 4 from generate_series(1, 8) n;
create table parent (a int); create table child () inherits (parent);
insert into parent values (1); insert into child select n from generate_series(1, 3) n;
create table nothing (a int, at timestamptz, s text);
create table alone (a int); create table heir () inherits (alone);
insert into alone values (1); insert into heir select 1 from generate_series(1, 9) n;
create table tenth (a int); insert into tenth select nullif(n, 1) from generate_series(1, 10) n;
analyze o; analyze parent; analyze child; analyze tenth; analyze alone; delete from pg_statistic
where starelid = 'alone'::regclass and stainherit;
"""
OF_BORDERS: Cases = [
    (NoOrphans("t", "a", "t(id)", mostly=0.9), P),
    (NoOrphans("t", "a", "t(id)", mostly=0.900001), F),
    (NoPersonalData("t", "mail", mostly=0.9, where="mail is not null or id > 1"), F),
    (NullShare("t", "mail", 0.9, 0.9), P),
    (ValuesBetween("nothing", "a", 0, sample=50), S),
    (ValuesUnique("nothing", "a", sample=50, mostly=0.5), S),
    (Fresh("nothing", "at", "1 day", sample=50), S),
    (NoPersonalData("nothing", sample=50), S),
    (ValuesBetween("nothing", "a", 0), P),
    (RowCount("o", 8, approximate=True), P),
    (DistinctShare("o", "a", 0.5, 0.5, approximate=True), P),
    (DistinctShare("parent", "a", 0.75, 0.75, approximate=True), P),
    (DistinctShare("alone", "a", 1, approximate=True), S),
    (NullShare("tenth", "a", at_most=0.1, approximate=True), P),
    (NullShare("tenth", "a", 0.1, approximate=True), P),
]

OTHERS = "create table t (id int primary key, a int, s text); create table u (id int);"
OF_OTHERS: Cases = [
    (NoOrphans("t", "a", "u(gone)"), S, "requires column public.u.gone"),
    (Reconciles("t", "a", "u(gone)"), S, "requires column public.u.gone"),
    (SumEquals("t", "a", other="u", other_column="gone"), S, "requires column public.u.gone"),
    (ValuesIncreasing("t", "a", "gone"), S, "requires column public.t.gone"),
    (ValuesIncreasing("t", "a", "id", per="gone"), S, "requires column public.t.gone"),
    (ValuesInSet("t", "s", ["a\0"]), E, "it holds a NUL character"),
    (ValuesMatch("t", "s", "\ud800"), E, "it holds half of a character"),
    (ValuesInSet("t", "s", ["a"]), P),
]


@pytest.mark.parametrize(
    ("setup", "cases"),
    [
        pytest.param(DOMAINS, OF_DOMAINS, id="domains"),
        pytest.param(CITEXT, OF_CITEXT, id="citext", marks=pytest.mark.extension("citext")),
        pytest.param(NUMBERS, OF_NUMBERS, id="numbers"),
        pytest.param(BORDERS, OF_BORDERS, id="borders"),
        pytest.param(OTHERS, OF_OTHERS, id="others"),
    ],
)
def test_what_is_said_of_odd_values(lab: psycopg.Connection[Any], setup: str, cases: Cases) -> None:
    expectations = [case[0] for case in cases]
    with lab.transaction(force_rollback=True):
        lab.execute(setup.encode())
        outcomes = verify(Suite("s", expectations), lab).outcomes
    for case, outcome in zip(cases, outcomes, strict=False):
        assert outcome.status == case[1], (case[0], outcome)
        assert len(case) == 2 or case[2] in str((outcome.reason, outcome.findings)), outcome
