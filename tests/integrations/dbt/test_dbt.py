"""What dbt's schema files say, as expectations; and what is told of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.contract.items import item
from pgcontract.errors import ContractError
from pgcontract.integrations import dbt

if TYPE_CHECKING:
    from pathlib import Path

C = {"table": "t", "column": "c"}
CLOSED = {"ColumnsAre": {"table": "t", "columns": ["c"]}}
BASIC: tuple[object, ...] = ({"TableExists": "t"}, {"ColumnExists": C})


def model(config: str, *keys: str) -> str:
    """A file with one model `t`, in flow style."""
    return f"models:\n- {{name: t, config: {{{config}}}, {', '.join(keys)}}}\n"


def column(*keys: str, config: str = "materialized: table") -> str:
    return model(config, f"columns: [{{name: c, {', '.join(keys)}}}]")


def enforced(constraint: str) -> str:
    return column(f"constraints: [{{{constraint}}}]", config="materialized: table, contract: {enforced: true}")


def fresh(table: str) -> str:
    """The file of a source that says how fresh its tables are, and has that one."""
    return (
        "sources:\n- {name: r, loaded_at_field: at, freshness: {filter: x, warn_after: {count: 6, period: hour}, "
        f"error_after: {{count: 2, period: day}}}}, tables: [{{{table}}}]}}\n"
    )


def within(age: str, **more: str) -> dict[str, object]:
    return {"Fresh": {"table": "r.s", "column": "at", "within": age, "where": "x", **more}}


THERE = {"RelationExists": "r.s"}


def test(text: str) -> str:
    """The file of a model with such a test of its column."""
    return column(f"data_tests: [{text}]")


test.__test__ = False  # type: ignore[attr-defined]


def said(text: str, **options: Any) -> list[object]:
    """What the suite says beside that `t` and its column are there."""
    suite = dbt.loads(text, **options).suite
    return [each for each in (item(one, suite.schema) for one in suite) if each not in BASIC]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (column("data_type: string"), [{"ColumnType": {**C, "type": "text"}}]),
        (model("materialized: table", "columns: [{name: C}, {name: D, quote: true}]"),
         [{"ColumnExists": {"table": "t", "column": "D"}}]),
        (column("tests: [unique, not_null]"),
         [{"ValuesUnique": {"table": "t", "columns": ["c"]}}, {"ValuesNotNull": C}]),
        (test("not_null: {config: {severity: warn, where: a > 0, tags: [x]}}"),
         [{"ValuesNotNull": {**C, "where": "a > 0", "severity": "warning", "tags": ["x"]}}]),
        (test("not_null: {severity: warn, description: why}"),
         [{"ValuesNotNull": {**C, "severity": "warning", "because": "why"}}]),
        (test("not_null: {config: {enabled: false}}"), []),
        (test("accepted_values: {values: [1, 2], quote: false}"), [{"ValuesInSet": {**C, "values": [1, 2]}}]),
        (test("accepted_values: {arguments: {values: [a]}}"), [{"ValuesInSet": {**C, "values": ["a"]}}]),
        (test("{name: own, test_name: accepted_values, values: [a]}"), [{"ValuesInSet": {**C, "values": ["a"]}}]),
        (test("relationships: {to: ref('u'), field: ID}"),
         [{"NoOrphans": {"table": "t", "columns": ["c"], "references": "u(id)"}}]),
        (test("dbt_utils.relationships_where: {to: ref('u'), field: id, from_condition: a > 0, where: b > 0}"),
         [{"NoOrphans": {"table": "t", "columns": ["c"], "references": "u(id)", "where": "(b > 0) and (a > 0)"}}]),
        (test("dbt_utils.accepted_range: {min_value: 0, inclusive: false}"), [{"ValuesBetween": {**C, "above": 0}}]),
        (test("dbt_utils.accepted_range: {max_value: now()}"),
         [{"RowsSatisfy": {"table": "t", "predicate": "c <= (now())"}}]),
        (test("dbt_utils.not_null_proportion: {at_least: 0.95}"), [{"NullShare": {**C, "at_most": 0.05}}]),
        (test("dbt_utils.expression_is_true: {expression: '> 0'}"),
         [{"RowsSatisfy": {"table": "t", "predicate": "c > 0"}}]),
        (test("dbt_utils.not_accepted_values: {values: [a]}"),
         [{"ValuesInSet": {**C, "values": ["a"], "never": True}}]),
        (test("dbt_utils.not_empty_string"), [{"RowsSatisfy": {"table": "t", "predicate": "btrim(c) <> ''"}}]),
        (test("dbt_utils.at_least_one"), [{"RowCount": {"table": "t", "at_least": 1, "where": "c is not null"}}]),
        (test("dbt_expectations.expect_column_values_to_match_regex: {regex: a+}"),
         [{"ValuesMatch": {**C, "regex": "a+"}}]),
        (model("materialized: table", "tests: "
               "[dbt_utils.unique_combination_of_columns: {combination_of_columns: [A, b]}]"),
         [{"ValuesUnique": {"table": "t", "columns": ["a", "b"], "nulls_not_distinct": True}}]),
        (model("materialized: table", "tests: [dbt_utils.recency: {field: at, datepart: day, interval: 2}]"),
         [{"Fresh": {"table": "t", "column": "at", "within": "2 days"}}]),
        (model("materialized: table", "tests: [dbt_utils.equal_rowcount: {compare_model: ref('u')}]"),
         [{"RowCount": {"table": "t", "same_as": "u"}}]),
        (model("materialized: table", "tests: [dbt_expectations.expect_table_row_count_to_be_between: {min_value: 1}]"),
         [{"RowCount": {"table": "t", "at_least": 1}}]),
        (enforced("type: not_null"), [{"ColumnNotNull": C}, CLOSED]),
        (enforced("type: primary_key"), [{"PrimaryKey": {"table": "t", "columns": ["c"]}}, CLOSED]),
        (enforced("type: unique, name: u"), [{"UniqueConstraint": {"table": "t", "columns": ["c"], "name": "u"}},
                                             CLOSED]),
        (enforced("type: check, expression: c > 0"), [{"CheckConstraint": {"table": "t", "expression": "c > 0"}},
                                                      CLOSED]),
        (enforced("type: foreign_key, to: ref('u'), to_columns: [id]"),
         [{"ForeignKey": {"table": "t", "columns": ["c"], "references": "u(id)"}}, CLOSED]),
        (enforced("type: foreign_key, expression: app.u (id)"),
         [{"ForeignKey": {"table": "t", "columns": ["c"], "references": "app.u(id)"}}, CLOSED]),
        (model("materialized: view"), [{"ViewExists": "t"}]),
        (model("materialized: ephemeral"), []),
        (model("enabled: false"), []),
        (model(""), [{"RelationExists": "t"}]),
        (model("materialized: table, alias: T2"), [{"TableExists": '"T2"'}]),
        (model("materialized: table, schema: mart"), [{"TableExists": "dwh_mart.t"}]),
        (model("materialized: table", "versions: [{v: 1}, {v: 2}]", "latest_version: 1"), [{"TableExists": "t_v1"}]),
        ("seeds: [{name: s}]\n", [{"TableExists": "s"}]),
        ("snapshots: [{name: s, config: {tags: [x]}}]\n", [{"TableExists": {"table": "s", "tags": ["x"]}}]),
        ("sources: [{name: raw, tables: [{name: s, identifier: S}]}]\n", [{"RelationExists": 'landing."S"'}]),
        ("sources: [{name: r, schema: '{{ target.schema }}', tables: [{name: s}]}]\n", [{"RelationExists": "s"}]),
        (("sources:\n- {name: x, loaded_at_field: at, tables: [name: s], "
          "freshness: {warn_after: {count: 1, period: hour}}}\n"),
         [{"RelationExists": "x.s"},
          {"Fresh": {"table": "x.s", "column": "at", "within": "1 hour", "severity": "warning"}}]),
        (fresh("name: s"), [THERE, within("6 hours", severity="warning"), within("2 days")]),
        (fresh("name: s, freshness: {warn_after: {count: 1}}"),
         [THERE, within("1 hour", severity="warning"), within("2 days")]),
        (fresh("name: s, freshness: {error_after: null}"), [THERE, within("6 hours", severity="warning")]),
        (fresh("name: s, config: {freshness: {warn_after: null}}"), [THERE, within("2 days")]),
        (fresh("name: s, freshness: null"), [THERE]),
        (fresh("name: s, config: {enabled: false}"), []),
    ],
)  # fmt: skip
def test_what_a_file_expects(text: str, expected: list[object]) -> None:
    assert said(text, schema="dwh", schemas={"raw": "landing"}) == expected


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        (test("house_style"), "house_style", "test house_style of t.c: which is not known here"),
        (test("not_null: {config: {error_if: '>10'}}"), "not_null: {", "error_if is >10"),
        (test("accepted_values: {values: ['{{ v }}']}"), "accepted", "it is known to dbt alone what '{{ v }}' is"),
        (test("accepted_values"), "accepted", "it has no values"),
        (test("accepted_values: {values: [a], of: b}"), "accepted", "with of"),
        (test("dbt_utils.accepted_range: {min_value: 1, inclusive: true, of: 2}"), "dbt_utils", "with of"),
        (
            test("dbt_utils.unique_combination_of_columns: {combination_of_columns: 5}"),
            "dbt_utils",
            "not what it takes",
        ),
        (test("dbt_expectations.expect_column_max_to_be_between: {min_value: 1}"), "dbt_expect", "is not known"),
        (column("constraints: [{type: unique}]"), "{type", "dbt does not make, since the contract is not enforced"),
        (enforced("type: primary_key, expression: x"), "{type", "constraint primary_key of t: with x"),
        (column("data_type: '{{ x }}'"), "'{{ x", "the type of c is {{ x }}"),
        (column("dta_type: int"), "int", "unknown key 'dta_type'. Perhaps you meant data_type."),
        ("sources: [{name: r, schema: '{{ x }}', tables: [{name: s}]}]\n", "{name: s", "give it with --map"),
    ],
)
def test_what_nothing_verifies_is_told_with_its_place(text: str, at: str, told: str) -> None:
    (remark,) = dbt.loads(text, "schema.yml").unchecked
    assert told in remark.text
    file, line, place = remark.place.split(":")
    assert file == "schema.yml"
    assert text.split("\n")[int(line) - 1][int(place) - 1 :].startswith(at)


def test_a_date_is_kept_as_it_is_written() -> None:
    imported = dbt.loads(model("materialized: table", "deprecation_date: 2024-01-31"))
    assert list(imported.besides) == ["models.t.deprecation_date: '2024-01-31'"]


def test_the_rest_is_kept_in_comments() -> None:
    imported = dbt.loads("models: [{name: t, description: whose}]\nexposures: [{name: board}]\n")
    assert list(imported.besides) == ["models.t.description: whose", "exposures: [{name: board}]"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 1\n", "s:1:1: a schema file of dbt is a mapping"),
        ("version: 1\nmodels: []\n", "s:1:10: version is 1: of dbt's schema files, version 2 is understood"),
        ("models: {name: t}\n", "s:1:9: models is a mapping, but must be a list"),
        ("models: [{description: x}]\n", "s:1:10: one of the models has no name"),
        ("models: [{name: t, columns: [{name: 5}]}]\n", "s:1:37: name is 5, but must be a text: put it in quotes"),
        ("models: [{name: t, columns: [{name: c, tests: [[1]]}]}]\n", "s:1:48: a test is a name"),
        ("models: [{name: t, tests: [{a: 1, b: 2}]}]\n", "s:1:28: a test is a name, or one name with its arguments"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ContractError) as caught:
        dbt.loads(text, "s")
    assert str(caught.value).startswith(message)


def test_files_of_a_folder_refer_to_each_other(tmp_path: Path) -> None:
    relationships = "relationships: {to: \"source('raw', 's')\", field: id}"
    (tmp_path / "a.yml").write_text(f"models: [{{name: t, columns: [{{name: c, tests: [{relationships}]}}]}}]\n")
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "c.yml").write_text("models: [{name: compiled}]\n")
    (tmp_path / "b.yaml").write_text("sources: [{name: raw, schema: landing, tables: [{name: s, identifier: s1}]}]\n")
    (tmp_path / "project.yml").write_text("name: other\n")
    suite = dbt.load([tmp_path], name="whole").suite
    assert suite.name == "whole"
    orphans = {"NoOrphans": {"table": "t", "columns": ["c"], "references": "landing.s1(id)"}}
    assert orphans in [item(one, "public") for one in suite]
    assert not any("compiled" in str(one) for one in suite)
