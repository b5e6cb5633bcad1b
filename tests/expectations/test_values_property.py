"""Verdicts on rows are those of a plain computation in Python."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

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
    RowsSatisfy,
    ShareWhere,
    StdDevBetween,
    Suite,
    SumEquals,
    ValueLengths,
    ValuesBetween,
    ValuesIncreasing,
    ValuesInSet,
    ValuesMatch,
    ValuesNotNull,
    ValuesUnique,
    verify,
)

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

Row: TypeAlias = tuple[int, float | None, str | None, int | None, float | None]
"""A number by which it is found, a number, a text, a small number, and how many hours ago."""
Wrong: TypeAlias = Callable[[Sequence[Row]], tuple[int, int]]
"""From rows to how many are wrong, and of how many."""

EXAMPLES = int(os.environ.get("PGCONTRACT_EXAMPLES", "5"))
NUMBERS = st.sampled_from([-1.5, 0.0, 1.0, 9.0, 1e150, math.nan, math.inf, -math.inf])
TEXTS = st.sampled_from(
    ["", "a", "A", "é", "e\u0301", "ab", "a\nb", "%_'\\", "日本語", " a", "<a@b.de>", " 123-45-6789", "000-45-6789"]
)
HOURS = st.sampled_from([-9999.0, -1, 0, 23, 25, 9999, math.inf, -math.inf])
ROWS = st.lists(
    st.tuples(st.none() | NUMBERS, st.none() | TEXTS, st.none() | st.integers(0, 3), st.none() | HOURS), max_size=8
)


def order(value: float) -> tuple[bool, float]:
    """As Postgres orders floats: NaN comes last, and is like itself."""
    return (math.isnan(value), 0.0 if math.isnan(value) else value)


def each(column: int, holds: Callable[[Any], bool]) -> Wrong:
    def wrong(rows: Sequence[Row]) -> tuple[int, int]:
        values = [row[column] for row in rows if row[column] is not None]
        return sum(not holds(value) for value in values), len(values)

    return wrong


def repeated(*columns: int, nulls: bool = False) -> Wrong:
    def wrong(rows: Sequence[Row]) -> tuple[int, int]:
        keys = [tuple(row[column] for column in columns) for row in rows]
        known = [tuple("NaN" if value != value else value for value in key) for key in keys if nulls or None not in key]  # noqa: PLR0124 - NaN alone differs from itself
        return len(known) - len(set(known)), len(known)

    return wrong


def nulls(column: int) -> Wrong:
    return lambda rows: (sum(row[column] is None for row in rows), len(rows))


def satisfied(rows: Sequence[Row]) -> tuple[int, int]:
    """`n < 3 or x > 0`, in three-valued logic."""
    found: list[bool | None] = []
    for _, x, _, n, _ in rows:
        left = None if n is None else n < 3
        right = None if x is None else order(x) > order(0.0)
        found.append(True if left or right else None if left is None or right is None else False)
    return found.count(False), len(found) - found.count(None)


TESTS: list[tuple[Expectation, Wrong]] = [
    (ValuesNotNull("t", "x"), nulls(1)),
    (ValuesNotNull("t", "s"), nulls(2)),
    (ValuesBetween("t", "x", 0, 9), each(1, lambda x: order(0) <= order(x) <= order(9))),
    (ValuesBetween("t", "x", above=0), each(1, lambda x: order(x) > order(0))),
    (ValuesBetween("t", "x", at_most="Infinity"), each(1, lambda x: not math.isnan(x))),
    (ValuesBetween("t", "n", 0.5, below=3), each(3, lambda n: 1 <= n < 3)),
    (ValuesBetween("t", "s", "a"), each(2, lambda s: s.encode() >= b"a")),
    (ValuesInSet("t", "x", [1, 9.0, "NaN"]), each(1, lambda x: math.isnan(x) or x in {1, 9})),
    (ValuesInSet("t", "s", ["a", "é", "%_'\\"]), each(2, lambda s: s in {"a", "é", "%_'\\"})),
    (ValuesInSet("t", "n", [0, 2], never=True), each(3, lambda n: n not in {0, 2})),
    (ValuesMatch("t", "s", "^[a-z]"), each(2, lambda s: re.search(r"\A[a-z]", s) is not None)),
    (ValuesMatch("t", "s", like="%a%", any_case=True), each(2, lambda s: "a" in s.lower())),
    (ValueLengths("t", "s", at_least=1, at_most=2), each(2, lambda s: 1 <= len(s) <= 2)),
    (ValueLengths("t", "s", 1), each(2, lambda s: len(s) == 1)),
    (ValuesUnique("t", "x"), repeated(1)),
    (ValuesUnique("t", ["s", "n"]), repeated(2, 3)),
    (ValuesUnique("t", ["s", "n"], nulls_not_distinct=True), repeated(2, 3, nulls=True)),
    (RowsSatisfy("t", "n < 3 or x > 0"), satisfied),
    (NoPersonalData("t", "s", kinds=["email"]), each(2, lambda s: s != "<a@b.de>")),
    (NoPersonalData("t", "s", kinds=["us_ssn"]), each(2, lambda s: s != " 123-45-6789")),
    (RowCount("t", at_most=4), lambda rows: (max(len(rows) - 4, 0), len(rows))),
]


Verdict: TypeAlias = Callable[[Sequence[Row], Sequence[Row]], "bool | None"]
"""From the rows that are looked at, and all rows, to whether it holds; None where there is nothing to judge."""


def share(test: Callable[[Row], bool], least: float, most: float, *, of: int | None = None) -> Verdict:
    def holds(rows: Sequence[Row], _: Sequence[Row]) -> bool | None:
        counted = [row for row in rows if of is None or row[of] is not None]
        return least <= Fraction(sum(map(test, counted)), len(counted)) <= most if counted else None

    return holds


def of_values(column: int, test: Callable[[list[Any]], bool], *, least: int = 1) -> Verdict:
    def holds(rows: Sequence[Row], _: Sequence[Row]) -> bool | None:
        values = [row[column] for row in rows if row[column] is not None]
        return test(values) if len(values) >= least else None

    return holds


def mean(values: Sequence[float]) -> float:
    """As Postgres has it: what is not finite goes through."""
    return math.nan if {math.inf, -math.inf} <= set(values) else sum(values) / len(values)


def variance(values: Sequence[int]) -> Fraction:
    middle = Fraction(sum(values), len(values))
    return sum(((value - middle) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def refers(rows: Sequence[Row], every: Sequence[Row]) -> bool:
    return {row[3] for row in rows} - {None} <= {row[0] for row in every}


INSERT = """
insert into t values (%s, %s, %s, %s, case when %s::float8 in ('Infinity', '-Infinity') then %s::text::timestamptz
    else pg_catalog.now() - pg_catalog.make_interval(secs => %s * 3600) end)
"""
JUDGED: list[tuple[Expectation, Verdict]] = [
    (NullShare("t", "x", at_most=0.5), share(lambda row: row[1] is None, 0, 0.5)),
    (ShareWhere("t", "n < 2", 0.25, 0.5), share(lambda row: row[3] is not None and row[3] < 2, 0.25, 0.5)),
    (DistinctShare("t", "n", 0.75), of_values(3, lambda ns: Fraction(len(set(ns)), len(ns)) >= Fraction(3, 4))),
    (MeanBetween("t", "n", 1, 2), of_values(3, lambda ns: len(ns) <= sum(ns) <= 2 * len(ns))),
    (MeanBetween("t", "x", at_most=9), of_values(1, lambda xs: order(mean(xs)) <= order(9))),
    (StdDevBetween("t", "n", at_most=1), of_values(3, lambda ns: variance(ns) <= 1, least=2)),
    (SumEquals("t", "n", 3), of_values(3, lambda ns: sum(ns) == 3, least=0)),
    (
        Quantiles("t", "x", {0.5: (0, 9)}),
        of_values(1, lambda xs: order(0) <= order(sorted(xs, key=order)[math.ceil(len(xs) / 2) - 1]) <= order(9)),
    ),
    (ValuesIncreasing("t", "n", "id"), of_values(3, lambda ns: ns == sorted(ns), least=0)),
    (ValuesIncreasing("t", "n", "id", strictly=True), of_values(3, lambda ns: ns == sorted(set(ns)), least=0)),
    (
        Fresh("t", "at", "1 day"),
        lambda rows, _: any(math.isfinite(r[4]) and r[4] <= 24 for r in rows if r[4] is not None),
    ),
    (
        QueryReturnsNothing("select from public.t where n > 2"),
        lambda _, every: all((row[3] or 0) <= 2 for row in every),
    ),
    (NoOrphans("t", "n", "t(id)"), refers),
    (
        Reconciles("t", "n", "t(id)"),
        lambda rows, every: {row[3] for row in rows} - {None} == {row[0] for row in every},
    ),
]


def varied(where: int | None, share: float) -> list[tuple[Expectation, Wrong]]:
    """The expectations on some of the rows, and on a share of them."""
    found = []
    for expectation, wrong in TESTS:
        changes: dict[str, Any] = {} if where is None else {"where": f"id % 2 = {where}"}
        if "mostly" in type(expectation).model_fields:
            changes["mostly"] = share
        found.append((expectation.model_copy(update=changes), wrong))
    return found


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(rows=ROWS, where=st.none() | st.integers(0, 1), share=st.sampled_from([1.0, 0.9, 0.5, 0.1]))
def test_verdicts_are_those_of_a_plain_computation(
    lab: psycopg.Connection[Any], rows: list[tuple[Any, ...]], where: int | None, share: float
) -> None:
    numbered: list[Row] = [(number, *row) for number, row in enumerate(rows)]
    expectations = varied(where, share)
    some = {} if where is None else {"where": f"id % 2 = {where}"}
    judged = [
        (one.model_copy(update=some if "where" in type(one).model_fields else {}), holds) for one, holds in JUDGED
    ]
    with lab.transaction(force_rollback=True):
        lab.execute('create table t (id int, x float8, s text collate "C", n int, at timestamptz)')
        lab.cursor().executemany(INSERT, [(*row, row[4], row[4]) for row in numbered])
        report = verify(Suite("s", [expectation for expectation, _ in (*expectations, *judged)]), lab)
    looked = [row for row in numbered if where is None or row[0] % 2 == where]
    for (expectation, holds), outcome in zip(judged, report.outcomes[len(expectations) :], strict=True):
        wanted = {True: "passed", False: "failed", None: "skipped"}[holds(looked, numbered)]
        assert outcome.status == wanted, (expectation, looked, outcome)
    for (expectation, count), outcome in zip(expectations, report.outcomes, strict=False):
        wrong, counted = count(looked)
        least = Fraction(str(getattr(expectation, "mostly", 1.0)))
        status = "passed" if counted - wrong >= least * counted else "failed"
        assert outcome.status == status, (expectation, looked, outcome)
        if status == "failed" and expectation.kind != "RowCount":
            assert outcome.findings[0].message.startswith(f"{wrong} of {counted} ")
