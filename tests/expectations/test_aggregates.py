from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import AggregateIs
from pgcontract.errors import ContractError
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create function added(text, text) returns text language sql immutable as $$ select concat_ws(', ', $1, $2) $$;
create function shown(text) returns text language sql immutable as $$ select coalesce($1, '') $$;
create function joined(text, text) returns text language sql immutable as $$ select $1 || $2 $$;
create function kept(int, int) returns int language sql immutable as 'select $1';
create aggregate group_concat(text) (sfunc = added, stype = text, initcond = '');
create aggregate listed(text) (
    sfunc = added, stype = text, sspace = 64, finalfunc = shown, finalfunc_modify = shareable, combinefunc = joined
);
create aggregate summed(int) (
    sfunc = int4pl, stype = int, initcond = '0', msfunc = int4pl, minvfunc = int4mi, mstype = int4, msspace = 8,
    minitcond = '1', mfinalfunc = kept, mfinalfunc_extra
);
create aggregate summed(bigint) (sfunc = int8pl, stype = bigint);
create aggregate least_of(int) (sfunc = int4smaller, stype = int4, sortop = <, mfinalfunc_modify = shareable);
create aggregate middle(float8 order by float8) (
    sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_cont_float8_final
);
create aggregate place(variadic "any" order by variadic "any") (
    sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical
);
create aggregate mean(numeric) (
    sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg, combinefunc = numeric_avg_combine,
    serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize,
    msfunc = numeric_avg_accum, minvfunc = numeric_accum_inv, mstype = internal, mfinalfunc = numeric_avg
);
create aggregate counted(*) (sfunc = int8inc, stype = int8, initcond = '0');
"""
MEAN = AggregateIs(
    "mean(numeric)",
    "numeric_avg_accum",
    "internal",
    finalfunc="numeric_avg",
    combinefunc="numeric_avg_combine",
    serialfunc="numeric_avg_serialize",
    deserialfunc="numeric_avg_deserialize",
    msfunc="numeric_avg_accum",
    minvfunc="numeric_accum_inv",
    mstype="internal",
    mfinalfunc="numeric_avg",
)
CASES = [
    Case(
        AggregateIs("group_concat(text)", "added", "text", initcond=""),
        SETUP,
        "create or replace aggregate group_concat(text) (sfunc = joined, stype = text, initcond = '')",
        "sfunc of aggregate public.group_concat(text) is public.joined, not public.added",
        "create or replace aggregate group_concat(text) (sfunc = added, stype = text, initcond = '')",
    ),
    Case(
        AggregateIs(
            "listed", "added", "text", sspace=64, finalfunc="shown", finalfunc_modify="shareable", combinefunc="joined"
        ),
        SETUP,
        "create or replace aggregate listed(text) (sfunc = added, stype = text, initcond = 'x')",
        (
            "finalfunc of aggregate public.listed(text) is none, not public.shown",
            "sspace of aggregate public.listed(text) is none, not 64",
            "finalfunc_modify of aggregate public.listed(text) is none, not shareable",
            "combinefunc of aggregate public.listed(text) is none, not public.joined",
            "initcond of aggregate public.listed(text) is x, not none",
        ),
    ),
    Case(
        AggregateIs(
            "summed(int)", "int4pl", "int4", initcond="0", msfunc="pg_catalog.int4pl", minvfunc="int4mi", mstype="int",
            msspace=8, minitcond="1", mfinalfunc="kept", mfinalfunc_extra=True,
        ),
        SETUP,
        """create or replace aggregate summed(int) (sfunc = int4pl, stype = int, initcond = '0', msfunc = int4pl,
            minvfunc = int4mi, mstype = int4, msspace = 8, mfinalfunc = kept, mfinalfunc_extra)""",
        "minitcond of aggregate public.summed(integer) is none, not 1",
    ),
    Case(
        AggregateIs("least_of(int)", "int4smaller", "int", sortop="<", mfinalfunc_modify="shareable"),
        SETUP,
        "create or replace aggregate least_of(int) (sfunc = int4smaller, stype = int4)",
        (
            "sortop of aggregate public.least_of(integer) is none, not pg_catalog.<",
            "mfinalfunc_modify of aggregate public.least_of(integer) is none, not shareable",
        ),
    ),
    Case(
        AggregateIs(
            "place", "ordered_set_transition_multi", "internal", finalfunc="rank_final", finalfunc_extra=True, direct=1,
            hypothetical=True,
        ),
        SETUP,
        """drop aggregate place(variadic "any" order by variadic "any");
        create aggregate place(variadic "any" order by variadic "any") (
            sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra)""",
        'hypothetical of aggregate public.place("any") is none, not true',
    ),
    Case(
        MEAN,
        SETUP,
        "drop aggregate mean(numeric); create aggregate mean(numeric) (sfunc = numeric_add, stype = numeric)",
        "stype of aggregate public.mean(numeric) is numeric, not internal",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


MIDDLE: dict[str, Any] = {
    "sfunc": "ordered_set_transition",
    "stype": "internal",
    "finalfunc": "percentile_cont_float8_final",
}


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (AggregateIs("group_concat(varchar)", "added", "text", initcond=""), "skipped"),
        (AggregateIs("group_concat(text)", "pg_catalog.added", "text", initcond=""), "failed"),
        (AggregateIs("group_concat(text)", "added", "text"), "failed"),
        (AggregateIs("counted()", "int8inc", "bigint", initcond="0"), "passed"),
        (AggregateIs("summed(int8)", "int8pl", "bigint"), "passed"),
        (AggregateIs("summed(bigint)", "int8pl", "bigint", direct=0), "failed"),
        (AggregateIs("middle", **MIDDLE, direct=1), "passed"),
        (AggregateIs("middle", **MIDDLE, direct=1, finalfunc_modify="read_write"), "passed"),
        (AggregateIs("middle", **MIDDLE, direct=1, finalfunc_modify="read_only"), "failed"),
        (AggregateIs("summed(bigint)", "int8pl", "no_such_type"), "errored"),
        (AggregateIs("joined", "added", "text"), "failed"),
        (AggregateIs("nothing(int)", "added", "text"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_a_function_is_no_aggregate(judge: Any) -> None:
    (finding,) = judge(SETUP, AggregateIs("joined", "added", "text")).findings
    assert finding.message == "public.joined(text, text) is a function, not an aggregate"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"hypothetical": True}, "direct"),
        ({"msfunc": "added"}, "given together"),
        ({"sortop": "lt"}, "is no operator"),
        ({"sspace": -1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises((ValueError, ContractError), match=complaint):
        AggregateIs("summed(bigint)", "int8pl", "bigint", **fields)
