"""An aggregate that is missing or computed otherwise is made as the contract says, with what stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import AggregateIs, FunctionPresent, Suite

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog

SETUP = """
create function added(text, text) returns text language sql immutable as $$ select concat_ws(', ', $1, $2) $$;
create function other(text, text) returns text language sql immutable as $$ select $1 || $2 $$;
create function counted(text) returns int language sql immutable as 'select length($1)';
create aggregate listed(val text) (sfunc = added, stype = text, initcond = 'it''s = ', parallel = safe);
create aggregate least_of(int) (sfunc = int4smaller, stype = int, sortop = <);
create aggregate place(variadic "any" order by variadic "any") (
    sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical
);
create table films (title text);
create view titles as select listed(title) from films;
comment on aggregate listed(text) is 'all of them';
revoke execute on function listed(text) from public;
"""
ANEW = "create or replace aggregate listed(val text) (sfunc = added, stype = text, initcond = 'it''s = '"
DRIFTS = {
    "drop aggregate listed(text) cascade": "create or replace aggregate public.listed(val text)",
    "drop aggregate least_of(int)": "sortop = operator(pg_catalog.<)",
    'drop aggregate place(variadic "any" order by variadic "any")': 'VARIADIC "any" order by VARIADIC "any"',
    ANEW.replace("added", "other") + ", parallel = safe)": "sfunc = public.added",
    ANEW + ")": "parallel = safe",
    ANEW + ", parallel = safe, combinefunc = other)": "stype = text, initcond = 'it''s = ', parallel = safe",
    """drop aggregate listed(text) cascade; create aggregate listed(val text) (sfunc = added, stype = text,
        initcond = 'it''s = ', finalfunc = counted)""": "drop routine public.listed(text)",
}


@pytest.mark.parametrize("drift", DRIFTS, ids=DRIFTS.values())
def test_it_is_as_it_was(mend: Any, before: Catalog, unequal: Callable[..., list[str]], drift: str) -> None:
    made = mend(drift)
    assert DRIFTS[drift] in made.sql
    assert (made.left, unequal(before, made.after)) == ([], [])


PRESENT = FunctionPresent("joined(text)", routine="aggregate")


@pytest.mark.parametrize(
    ("expectations", "why"),
    [
        ([PRESENT], "does not say how the aggregate public.joined(text) is computed"),
        ([PRESENT, AggregateIs("joined(text)", "public.nowhere", "text")], "its function public.nowhere is missing"),
        ([AggregateIs("listed(text)", "added", "text", finalfunc="counted")], "its result would be integer"),
        ([AggregateIs("added(text, text)", "added", "text")], "is a function: drop it first"),
        ([AggregateIs("least_of(int)", "int4smaller", "int", direct=1)], "its direct arguments are others"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_said_is_not_guessed(mend: Any, expectations: list[Any], why: str) -> None:
    made = mend("", Suite("aggregates", expectations))
    assert not made.plan.steps
    assert why in "\n".join(made.plan.unresolved)


def test_bare_names_of_what_is_yet_to_be_made_are_the_schemas_own(mend: Any) -> None:
    body = "select $1 || $2"
    said = [
        FunctionPresent("glued(text, text)", returns="text", language="sql", body=body),
        FunctionPresent("joined(text)", routine="aggregate", returns="text"),
        AggregateIs("joined(text)", "glued", "text"),
    ]
    made = mend("", Suite("aggregates", said))
    assert made.left == []
    assert "sfunc = public.glued" in made.sql
