"""What YAML makes of what people write."""

from __future__ import annotations

import pytest

from pgcontract import ColumnDefault, ColumnExists, ColumnNotNull, ColumnNullable, ColumnType, Suite, TableExists
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
