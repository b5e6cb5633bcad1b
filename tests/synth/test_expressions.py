"""Expressions that the server has deparsed are read, and come to what the server says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgcontract.synth.convert import converted
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.expressions import parse
from pgcontract.synth.kinds import kind_of

if TYPE_CHECKING:
    from tests.synth.conftest import Stage

COLUMNS = {
    "i": "integer",
    "n": "numeric",
    "f": "double precision",
    "s": "text",
    "v": "character varying(20)",
    "b": "boolean",
    "d": "date",
    "t": "timestamp with time zone",
    "l": "interval",
    "a": "text[]",
    "j": "jsonb",
    '"Odd ""name"': "integer",
}
TEXTS = [
    '5 | 2.50 | 0.5 | abc | A-1 | true | 2025-06-01 | 2025-06-01 10:30:00+00 | 01:30:00 | {x,y} | {"k":"v","n":3} | 1',
    "-7 | 0 | -1 |  | xyz | false | 2024-02-29 | 2024-12-31 23:59:59+00 | 3 days | {} | [1, 2] | 0",
    " | ".join(["NULL"] * 12),
    '12 | -3.333 | 2 | Hello World | a.b@c.de | NULL | 2025-01-31 | 2025-01-31 00:00:00+00 | 1 mon | {x} | "text" | -4',
]
ROWS = [tuple(None if part == "NULL" else part for part in text.split(" | ")) for text in TEXTS]
READ = """
    i > 0 | i between -10 and 5 | i not between 1 and 5 | i in (5, 12) | i not in (5, 12) | i = any (array[5, -7])
    i <> all ('{5,6}') | i % 5 = 2 | -i > 3 | i * 2 + 1 > 10 | i / 2 = 2 | abs(i) = 7 | i > n | n * 2 >= 5
    n - i < 0 | round(n, 1) = 2.5 | n::int = 3 | f < 1 | f + i > 5 | i is null | i is not null | not (i > 0)
    i is distinct from 5 | i is not distinct from null | (i > 0) = b | b is true | b is not true | b is false
    not b | b or i > 10 | b and i > 3 | s = 'abc' | s <> '' | s like 'a%' | s not like '%o%' | s ilike 'HELLO%'
    s ~ '^[a-z]+$' | s ~* 'HELLO' | s !~ 'l{2}' | v = 'A-1' | v ~ '^[A-Z]-\\d$' | v like '%@%.__'
    v similar to '[A-Z]-[0-9]' | length(s) > 3 | char_length(v) = 3 | lower(s) = s | upper(left(v, 1)) = 'A'
    btrim(s) <> '' | position('l' in s) > 2 | strpos(v, '@') > 1 | starts_with(s, 'ab') | s || v = 'abcA-1'
    coalesce(s, v, 'z') = 'z' | nullif(s, '') is null | s < 'b' | d > '2025-01-01'
    d between date '2024-01-01' and date '2024-12-31' | extract(year from d) = 2025 | extract(month from d) = 6
    extract(dow from d) in (0, 6) | extract(isodow from d) < 6 | extract(day from d) = 29
    d + 1 > date '2025-06-01' | d - date '2025-01-31' = 0 | d + interval '1 day' > t | date_trunc('day', t) = t
    date_trunc('month', d) = d | t > '2025-01-01 00:00:00+00' | t - interval '1 hour' < '2025-06-01 10:00:00+00'
    t::date = d | l > interval '1 hour' | l = interval '90 minutes' | l <= interval '30 days' | t < now()
    cardinality(a) = 2 | array_length(a, 1) = 1 | 'x' = any (a) | a @> '{y}' | a <@ array['x', 'z'] | a && '{y,z}'
    a[1] = 'x' | a = '{}' | 'x' = all (a) | jsonb_typeof(j) = 'object' | j ? 'k' | j ->> 'k' = 'v'
    (j ->> 'n')::int = 3 | j -> 'k' is not null | j @> '{"n": 3}' | j #>> '{k}' = 'v' | num_nonnulls(i, s, b) = 3
    num_nulls(i, b) >= 1 | greatest(i, 3) = 5 | least(i, "Odd ""name") = 1 | "Odd ""name" > 0
    mod(i, 2) = 1 | case when i > 0 then s <> '' else true end
    case i when 5 then 'x' when 12 then 'y' else 'z' end = 'y' | (i is null) = (s is null)
    (i > 0)::int + (n > 0)::int = 2 | (i = 5 and s = 'abc') or (b is null and not s = '')
"""
NOT_READ = ["not_a_function(", "i > ", "select 1", "(i", "'open", "i ! 5 5", ""]


def listed() -> list[str]:
    return [part.strip() for line in READ.strip().splitlines() for part in line.split(" | ")]


@pytest.mark.parametrize("text", listed())
def test_comes_to_what_the_server_says(text: str, stage: Stage) -> None:
    names = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS.items())
    with stage(f"create table t ({names}, check ({text}))") as session:
        (check,) = session.catalog.tables["public.t"].constraints.values()
        node = parse(check.expression or "")
        assert node is not None, check.expression
        kinds = {name.strip('"').replace('""', '"'): kind_of(type_) for name, type_ in COLUMNS.items()}
        for row in ROWS:
            places = ", ".join(f"%s::{type_}" for type_ in COLUMNS.values())
            source = f"(values ({places})) as r({', '.join(COLUMNS)})"
            ((said,),) = session.rows(f"select {text.replace('%', '%%')} from {source}", row)
            values = zip(kinds, row, strict=True)
            known = {name: None if value is None else converted(kinds[name], value) for name, value in values}
            found = evaluate(node, known)
            assert found is not UNKNOWN, check.expression
            assert found is said, (check.expression, row)


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_not_understood_is_nothing(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", ["x @@ y", "opaque(x) > 3", "x::geometry", "(x + y) ->> 'a' = 'b'"])
def test_what_cannot_be_computed_is_left_to_the_server(text: str) -> None:
    node = parse(f"({text})")
    assert node is not None
    assert evaluate(node, {"x": 1, "y": "z"}) is UNKNOWN
