"""What YAML makes of what people write."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgcontract import ColumnDefault, ColumnExists, ColumnNotNull, ColumnNullable, ColumnType, Suite, TableExists
from pgcontract.contract import plain_yaml
from pgcontract.contract.careful_yaml import read as carefully
from pgcontract.contract.load import loads
from pgcontract.contract.yaml import read
from pgcontract.errors import ContractError


@pytest.mark.parametrize(
    ("written", "default"),
    [
        ("0", "0"),
        ("010", "10"),
        ("0o10", "8"),
        ("-1", "-1"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("false", "false"),
        ("TRUE", "true"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("null", None),
        ("~", None),
        ("'null'", None),
        ("''''''", "''"),
        ("\"'x'::text\"", "'x'::text"),
        ("now()", "now()"),
        ("'2020-01-01'", "2020-01-01"),
        ("12:30", "12:30"),
    ],
)
def test_a_default_is_sql_as_it_is_written(written: str, default: str | None) -> None:
    suite = loads(f"suite: s\ntables: {{t: {{columns: {{c: {{default: {written}}}}}}}}}")
    assert ColumnDefault("public.t", "c", default) in suite


@pytest.mark.parametrize("written", ["true", "yes", "on", "false", "no", "off"])
def test_truth_in_every_yaml(written: str) -> None:
    cls = ColumnNullable if written in {"true", "yes", "on"} else ColumnNotNull
    assert cls("public.t", "c") in loads(f"suite: s\ntables: {{t: {{columns: {{c: {{nullable: {written}}}}}}}}}")


@pytest.mark.parametrize("name", ["yes", "no", "on", "off", "y", "n", "'5'", "'true'", "'null'", "'2020-01-01'", "<"])
def test_names_that_look_like_something_else(name: str) -> None:
    suite = loads(f"suite: s\ntables: {{t: {{columns: {{{name}: int}}}}}}")
    assert ColumnType("public.t", name.strip("'"), "int") in suite


@pytest.mark.filterwarnings("error")
def test_an_anchor_may_be_given_anew() -> None:
    assert read("a: &x 1\nb: &x 2\nc: *x\n", "c.yaml").content == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("item", ["[{}]", "{{{}}}", "{{<<: [{}]}}"])
def test_a_few_lines_stand_for_no_thousand_million(item: str) -> None:
    """Each line names the one before ten times; what is refused is refused before it is made."""
    names = [f"a{number}" for number in range(10)]
    keys = range(10) if item == "{{{}}}" else [None] * 10
    lines = [
        f"{after}: &{after} " + item.format(", ".join(f"*{one}" if key is None else f"k{key}: *{one}" for key in keys))
        for one, after in pairwise(names)
    ]
    with pytest.raises(ContractError, match="its aliases stand for more than 100,000 values"):
        read("\n".join(["a0: &a0 {k: 1}", *lines, ""]), "c.yaml")


def test_numbers_keep_their_text_through_anchors_and_dumps() -> None:
    text = "suite: s\ntables: {t: {columns: {a: &a {type: int, default: 1.10}, b: *a}}}"
    suite = loads(text)
    assert ColumnDefault("public.t", "b", "1.10") in suite
    assert loads(suite.to_yaml()) == suite


def test_merge_keys() -> None:
    suite = loads(
        "suite: s\ntables:\n  t:\n    columns:\n      a: &a {type: int, nullable: false}\n"
        "      b: {nullable: true, <<: *a}\n      c: {<<: [{type: text}, *a]}\n"
    )
    assert set(suite) == {
        TableExists("public.t"),
        *(ColumnExists("public.t", name) for name in "abc"),
        ColumnType("public.t", "a", "int"),
        ColumnNotNull("public.t", "a"),
        ColumnType("public.t", "b", "int"),
        ColumnNullable("public.t", "b"),
        ColumnType("public.t", "c", "text"),
        ColumnNotNull("public.t", "c"),
    }


def test_a_problem_in_what_was_merged_is_where_it_stands() -> None:
    text = "suite: s\ntables: {t: {columns: {a: &a {typ: int}, b: {<<: *a}}}}"
    with pytest.raises(ContractError) as caught:
        loads(text, "c")
    assert {line[:7] for line in str(caught.value).splitlines()} == {"c:2:31:"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: {<<: 5}", "1:9: `<<` takes a mapping, or a list of them"),
        ("a: &x [*x]", "1:4: an alias stands inside of what it names"),
        ("a: *x", "1:4: found undefined alias 'x'"),
        ("a: !!set {b}", "1:4: a contract has no tags, such as tag:yaml.org,2002:set"),
        ("a: !!binary aGk=", "1:4: a contract has no tags, such as tag:yaml.org,2002:binary"),
    ],
)
def test_what_a_contract_does_not_take(text: str, problem: str) -> None:
    with pytest.raises(ContractError) as caught:
        read(text, "c")
    assert str(caught.value) == f"c:{problem}"


def test_json_is_yaml() -> None:
    assert loads('{"suite": "s", "expectations": [{"TableExists": "a"}]}') == Suite("s", [TableExists("a")])


def test_order_is_the_files() -> None:
    suite = loads("suite: s\nexpectations: [TableExists: b]\ntables: {a: {}}")
    assert [expectation.subject for expectation in suite] == ["public.b", "public.a"]


# Lines that are simple, and lines that look so.
LINES = (
    *(
        "a: |",
        "  x",
        "   y",
        "b: |-",
        "  q",
        "c: |2",
        "   lead",
        "d: 1.50",
        "e: [1, -2, x, 'it''s', \"a\\\"b\", {a: b, c: []}]",
    ),
    *("f: {}", "- a", "- b: c", "  d: e", "-", "- - x", "? long", ": v", "# comment", "'q': \"w\" # c", "k:    two"),
    *("k: v:w", "k: v: w", "g:", "- 1", "h:", "", "  i: null", "j: ~", "yes: no", '"0": 5', "z: 'multi", "  line'"),
    *("t: true", "p: >-", "  folded", "{a: b}", "&a x: *a", "<<: {a: b}", "!!str x: y", "@: b", "x: 1_000", "x: 0x10"),
    *("x: 2026-01-01", "x: a #b", "x: a#b", "x: [a , b]", "x: {a: b, }", "x: [a, ]", "x: {a}", "x: {a: }", "x: [a: b]"),
    *(
        "x: 'a' b",
        'x: "a": b',
        "x: -1",
        "k- : v",
        "h- :",
        "--- ",
        "...",
        "x: a\tb",
        "\u2028",
        "\x85",
        "x: \ufeff",
        "%A 1",
    ),
)
_changes = st.tuples(st.integers(0, 200), st.integers(0, 2), st.sampled_from([*" \n:-#'\"{}[],|?.=01aN_(", "", "\n  "]))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6), st.lists(_changes, max_size=3))
def test_what_is_read_fast_is_what_is_read_carefully(lines: list[str], changes: list[tuple[int, int, str]]) -> None:
    text = "\n".join(lines) + "\n"
    for place, left_out, put in changes:
        text = text[:place] + put + text[place + left_out :]
    try:
        fast = plain_yaml.read(text)
    except plain_yaml.UnsureError:
        return
    assert _typed(fast) == _typed(carefully(text, "c.yaml").content)


def _typed(value: Any) -> object:
    """A value that equals no other type's: to Python, 1 and 1.0 and true are the same."""
    if isinstance(value, dict):
        return [(_typed(key), _typed(each)) for key, each in value.items()]
    return list(map(_typed, value)) if isinstance(value, list) else (type(value), str(value))


def test_what_is_written_is_read_fast() -> None:
    """Each kind of line that a contract's writer makes: were one not known, all would be read the slow way."""
    text = """
# a comment

suite: s # another
principals:
- {name: a b, claims: {sub: 'it''s', k: -1, f: 1.50, "x\\n": [null, true]}}

tables:

  t:
    comment: |-
      two

        lines
    columns:
      id: numeric(12,2) not null default 'a'::text
      "yes": {type: text, default: null}
    indexes:
      - [a, b DESC]
      - columns: c
        name: d
    policies: {}
""".lstrip()
    assert _typed(plain_yaml.read(text)) == _typed(carefully(text, "c.yaml").content)
