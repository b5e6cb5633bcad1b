from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import RangeIs
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create function gap(numeric, numeric) returns double precision immutable strict language sql as 'select 1.0';
create operator class backwards for type int using btree as
    operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 btint4cmp(int, int);
create type span as range (subtype = float8, subtype_diff = float8mi);
create type words as range (subtype = text, collation = "C");
create type amounts as range (subtype = numeric, subtype_diff = gap);
create type downwards as range (subtype = int, subtype_opclass = backwards);
create type kept;
create function kept_canonical(kept) returns kept immutable strict language internal as 'int4range_canonical';
create type kept as range (subtype = int, canonical = kept_canonical);
"""
MULTIRANGE_SINCE = 140000
ANEW = "drop type {0} cascade; create type {0} as range ({1})"
CASES = [
    Case(
        RangeIs("span", "float8", subtype_diff="float8mi"),
        SETUP,
        ANEW.format("span", "subtype = float4"),
        ("subtype of range public.span is real, not double precision", "subtype diff of range public.span is none"),
        ANEW.format("span", "subtype = float8, subtype_diff = float8mi"),
    ),
    Case(
        RangeIs("words", "text", collation="C"),
        SETUP,
        ANEW.format("words", "subtype = text"),
        'collation of range public.words is none, not pg_catalog."C"',
    ),
    Case(
        RangeIs("downwards", "int", operator_class="backwards"),
        SETUP,
        ANEW.format("downwards", "subtype = int"),
        "operator class of range public.downwards is none, not public.backwards",
    ),
    Case(
        RangeIs("kept", "int", canonical_function="public.kept_canonical"),
        SETUP,
        ANEW.format("kept", "subtype = int"),
        "canonical function of range public.kept is none, not public.kept_canonical",
    ),
]
MULTIRANGE = Case(
    RangeIs("span", "float8", multirange="spans"),
    "create type span as range (subtype = float8, multirange_type_name = spans)",
    ANEW.format("span", "subtype = float8"),
    "multirange of range public.span is public.span_multirange, not public.spans",
)
CASES.append(MULTIRANGE)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    if case is MULTIRANGE and lab.info.server_version < MULTIRANGE_SINCE:
        pytest.skip("a range has a multirange since PostgreSQL 14")
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (RangeIs("amounts", "decimal", subtype_diff="gap"), "passed"),
        (RangeIs("amounts", "numeric", subtype_diff="public.gap"), "passed"),
        (RangeIs("amounts", "numeric", subtype_diff="pg_catalog.gap"), "failed"),
        (RangeIs("span", "double precision"), "passed"),
        (RangeIs("span", "no_such"), "errored"),
        (RangeIs("nothing", "int"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_what_is_no_range(judge: Any) -> None:
    (finding,) = judge("create domain span as int", RangeIs("span", "int")).findings
    assert finding.message == "type public.span is of the kind domain, not range"
