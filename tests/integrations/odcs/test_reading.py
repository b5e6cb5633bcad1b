"""What documents of others say, as expectations; and what is told of the rest."""

from __future__ import annotations

import pytest

from pgcontract.contract.items import item
from pgcontract.errors import ContractError
from pgcontract.integrations import odcs

HEAD = "apiVersion: v3.1.0\nkind: DataContract\nid: i\nversion: 1.0.0\nstatus: active\nname: shop\n"


def table(*lines: str, kind: str = "physicalType: table, ") -> str:
    """A document of one object `t`, with these keys in flow style."""
    return f"{HEAD}schema:\n- {{{kind}name: t, {', '.join(lines)}}}\n"


def column(*keys: str, kind: str = "physicalType: table, ") -> str:
    """The same, with a column `c`, an integer."""
    return table(f"properties: [{{name: c, physicalType: integer, {', '.join(keys)}}}]", kind=kind)


def rule(text: str) -> str:
    return column(f"quality: [{{{text}}}]")


def said(text: str, **options: str) -> list[object]:
    """What the suite says beside that `t` and its column are there."""
    basic = ({"TableExists": "t"}, {"ColumnExists": {"table": "t", "column": "c"}})
    typed = {"ColumnType": {"table": "t", "column": "c", "type": "integer"}}
    suite = odcs.loads(text, **options).suite  # type: ignore[arg-type]
    return [each for each in (item(one, suite.schema) for one in suite) if each not in (*basic, typed)]


C = {"table": "t", "column": "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (column("required: true"), [{"ColumnNotNull": C}]),
        (column("required: true", kind="physicalType: view, "), [{"ViewExists": "t"}, {"ValuesNotNull": C}]),
        (column("required: true", kind=""), [{"RelationExists": "t"}, {"ValuesNotNull": C}]),
        (column("unique: true"), [{"UniqueConstraint": {"table": "t", "columns": ["c"]}}]),
        (column("primaryKey: true"), [{"PrimaryKey": {"table": "t", "columns": ["c"]}}]),
        (table("properties: [{name: c, primaryKey: true, primaryKeyPosition: 2}, "
               "{name: d, primaryKey: true, primaryKeyPosition: 1}]"),
         [{"ColumnExists": {"table": "t", "column": "d"}}, {"PrimaryKey": {"table": "t", "columns": ["d", "c"]}}]),
        (column("partitioned: true"), [{"PartitionedBy": {"table": "t", "key": ["c"]}}]),
        (
            column("tags: [x]"),
            [{"ColumnExists": {**C, "tags": ["x"]}}, {"ColumnType": {**C, "type": "integer", "tags": ["x"]}}],
        ),
        (
            column("relationships: [{to: u.id}]"),
            [{"ForeignKey": {"table": "t", "columns": ["c"], "references": "u(id)"}}],
        ),
        (
            column("relationships: [{to: u.id}]", kind="physicalType: view, "),
            [{"ViewExists": "t"}, {"NoOrphans": {"table": "t", "columns": ["c"], "references": "u(id)"}}],
        ),
        (
            table("relationships: [{from: [t.a, t.b], to: [app.u.x, app.u.y]}]"),
            [{"ForeignKey": {"table": "t", "columns": ["a", "b"], "references": "app.u(x, y)"}}],
        ),
        (
            table("id: o, relationships: [{from: schema/o/properties/p, to: schema/o/properties/q}]", "properties: "
                  "[{id: p, name: one, physicalName: c}, {id: q, name: c2}]"),
            [{"ColumnExists": {"table": "t", "column": "c2"}},
             {"ForeignKey": {"table": "t", "columns": ["c"], "references": "t(c2)"}}],
        ),
        (column("enum: [{value: 1}, {value: 2}]"), [{"ValuesInSet": {**C, "values": [1, 2]}}]),
        (column("logicalTypeOptions: {minimum: 0, exclusiveMaximum: 9}"),
         [{"ValuesBetween": {**C, "at_least": 0, "below": 9}}]),
        (column("logicalTypeOptions: {minLength: 1}"), [{"ValueLengths": {**C, "at_least": 1}}]),
        (column("logicalTypeOptions: {pattern: a+}"), [{"ValuesMatch": {**C, "regex": "a+"}}]),
        (column("logicalTypeOptions: {multipleOf: 5}"), [{"RowsSatisfy": {"table": "t", "predicate": "c % 5 = 0"}}]),
        (rule("metric: nullValues, mustBe: 0"), [{"ValuesNotNull": C}]),
        (rule("rule: nullCheck, mustBe: 0"), [{"ValuesNotNull": C}]),
        (rule("metric: nullValues, mustBeLessThan: 1"), [{"ValuesNotNull": C}]),
        (rule("metric: nullValues, mustBeLessThan: 1, unit: percent"),
         [{"QueryReturns": {"query": "select (coalesce(100.0 * (count(*) filter (where c is null)) / "
                            "nullif(count(*), 0), 0)) < 1 from public.t", "rows": [[True]]}}]),
        (rule("metric: nullValues, mustBeLessOrEqualTo: 5, unit: percent"), [{"NullShare": {**C, "at_most": 0.05}}]),
        (rule("metric: nullValues, mustBe: 0, severity: minor, tags: [x], description: why"),
         [{"ValuesNotNull": {**C, "severity": "warning", "tags": ["x"], "because": "why"}}]),
        (rule("metric: invalidValues, arguments: {validValues: [1, null]}, mustBe: 0"),
         [{"ValuesInSet": {**C, "values": [1]}}]),
        (rule("metric: invalidValues, arguments: {pattern: a}, mustBeLessOrEqualTo: 10, unit: percent"),
         [{"ValuesMatch": {**C, "regex": "a", "mostly": 0.9}}]),
        (rule("metric: missingValues, arguments: {missingValues: [null, x]}, mustBe: 0"),
         [{"ValuesNotNull": C}, {"ValuesInSet": {**C, "values": ["x"], "never": True}}]),
        (rule("metric: duplicateValues, mustBe: 0"), [{"ValuesUnique": {"table": "t", "columns": ["c"]}}]),
        (table("quality: [{metric: rowCount, mustBeGreaterThan: 9}]"), [{"RowCount": {"table": "t", "at_least": 10}}]),
        (table("quality: [{metric: rowCount, mustBeLessThan: 9}]"), [{"RowCount": {"table": "t", "at_most": 8}}]),
        (table("quality: [{metric: rowCount, mustBeBetween: [1, 9]}]"),
         [{"RowCount": {"table": "t", "at_least": 1, "at_most": 9}}]),
        (table("quality: [{metric: duplicateValues, mustBe: 0, arguments: {properties: [a, b]}}]"),
         [{"ValuesUnique": {"table": "t", "columns": ["a", "b"]}}]),
        (rule("type: sql, query: 'select max({property}) from ${object};', mustBe: 7"),
         [{"QueryReturns": {"query": "select max(c) from public.t", "rows": [[7]]}}]),
        (rule("type: custom, engine: greatExpectations, implementation: {type: expect_column_values_to_be_between, "
              "kwargs: {minValue: 1, strict_min: true}}"), [{"ValuesBetween": {**C, "above": 1}}]),
        (column() + "slaProperties: [{property: freshness, value: 4, unit: h, element: t.c}]\n",
         [{"Fresh": {"table": "t", "column": "c", "within": "4 hours"}}]),
        (rule("type: custom, engine: pgcontract, implementation: {RlsEnabled: t}"), [{"RlsEnabled": "t"}]),
    ],
)  # fmt: skip
def test_what_a_key_expects(text: str, expected: list[object]) -> None:
    imported = odcs.loads(text)
    assert said(text) == expected
    assert not imported.unchecked


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "app.t"),
        ({"schemas": {"app": "live"}}, "live.t"),
        ({"schema": "app"}, "app.t"),
        ({"assume": "view"}, "app.t"),
    ],
)
def test_names_can_be_mapped(options: dict[str, str], name: str) -> None:
    suite = odcs.loads(table("physicalName: app.t", kind=""), **options).suite  # type: ignore[arg-type]
    (only,) = suite
    assert only.belongs_to == name
    assert only.kind == ("ViewExists" if "assume" in options else "RelationExists")


def test_the_schema_is_that_of_the_first_postgres() -> None:
    servers = "servers: [{server: a, type: s3, location: x}, {server: b, type: postgres, schema: app}]\n"
    assert odcs.loads(table() + servers).suite.schema == "app"
    assert odcs.loads(table() + servers, schema="other").suite.schema == "other"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (rule("type: text, description: 'all is\n  well'"), 8, "quality: all is well: a text for people"),
        (rule("type: custom, engine: soda, implementation: x"), 8, "a rule of the engine soda"),
        (rule("metric: nullValues"), 8, "no `mustBe…` says what the result must be"),
        (rule("metric: nullValues, mustBe: 0, mustNotBe: 1"), 8, "mustBe and mustNotBe exclude each other"),
        (rule("metric: nullValues, mustBeLessThan: .inf"), 8, "mustBeLessThan is no number"),
        (rule("metric: nullValues, mustBe: few"), 8, "a number of values is compared with [few]"),
        (rule("metric: others, mustBe: 0"), 8, "the library has no metric others"),
        (rule("metric: nullValues, mustBe: 0, arguments: {of: x}"), 8, "has no arguments of"),
        (rule("type: sql, query: 'select {x}', mustBe: 0"), 8, "it is not known what {x} stands for"),
        (rule("metric: nullValues, mustBe: 0, severity: grim"), 8, "the severity grim is taken for an error"),
        (column("requird: true"), 8, "unknown key 'requird'. Perhaps you meant required."),
        (column("items: {logicalType: string}"), 8, "the items of a column"),
        (column("logicalTypeOptions: {uniqueItems: true}"), 8, "uniqueItems of t.c is true"),
        (column("relationships: [{to: 'a/b'}]"), 8, "a relationship to a/b"),
        (table("properties: [{name: c, logicalType: integer}]"), 8, "no physicalType says which type of Postgres"),
        (table(kind="physicalType: topic, "), 8, "t is of the kind topic, which no relation of Postgres is"),
        (f"{table()}slaProperties: [{{property: freshness, value: 4, unit: h, element: u.c}}]\n", 9, "service level"),
        (
            f"{table()}slaProperties: [{{property: latency, value: 4}}]\n",
            9,
            "service level: {property: latency, value: 4}",
        ),
        (f"{table()}servers: [{{server: a, type: s3, location: x}}]\n", 9, "no server is a Postgres, but s3"),
    ],
)
def test_a_promise_that_nothing_verifies_is_told_with_its_place(text: str, line: int, told: str) -> None:
    (remark,) = odcs.loads(text, "shop.odcs.yaml").unchecked
    assert told in remark.text
    assert remark.place.startswith(f"shop.odcs.yaml:{line}:")


def test_the_rest_is_kept_in_comments_without_passwords() -> None:
    servers = (
        "servers: [{server: b, type: postgres, schema: s, customProperties: [{property: password, value: xyz}]}]\n"
    )
    team = 'team: {name: "a\\u2028b", description: "postgresql://ann:xyz@db/app"}\n'
    more = f"{team}contractCreatedTs: 2024-01-31T00:00:00Z\n"
    imported = odcs.loads(table("description: whose", "businessName: B") + servers + more)
    comments = "\n".join(imported.comments(["shop.odcs.yaml"]))
    for kept in ("schema.t.description: whose", "schema.t.businessName: B", "value: '***'", "ann:***@db", "2024-01-31"):
        assert kept in comments
    assert "xyz" not in comments
    assert all(line.isprintable() for line in comments.split("\n"))
    assert dict(imported.counted)["schema.description"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 1\n", "c:1:1: a data contract is a mapping"),
        ("kind: DataContract\n", "c:1:1: 'apiVersion', the version of the standard, is missing"),
        (
            HEAD.replace("v3.1.0", "v2.2.2"),
            "c:1:13: apiVersion is 'v2.2.2': of the Open Data Contract Standard, version 3",
        ),
        (HEAD.replace("v3.1.0", "v4.0.0"), "c:1:13: apiVersion is 'v4.0.0'"),
        (HEAD.replace("DataContract", "DataProduct"), "c:2:7: kind is 'DataProduct', but must be DataContract"),
        (f"{HEAD}schema: [{{name: [1]}}]\n", "c:7:17: name is a list, but must be a text"),
        (f"{HEAD}colour: red\n", "c:7:1: unknown key 'colour'"),
        (table("properties: [{physicalType: int}]"), "c:8:47: a property has no name"),
        (column("logicalTypeOptions: {minLength: x}"), "c:8:"),
        (
            table("customProperties: [{property: pgcontract, value: [{Nonsense: 1}]}]"),
            "c:8:85: no expectation is called Nonsense",
        ),
        (
            f"{HEAD}customProperties: [{{property: pgcontract, value: {{ignore: 5}}}}]\n",
            "c:7:59: ignore is 5, but must be a list",
        ),
        (f"{HEAD}name: again\n", "c:7:1: the key 'name' stands twice"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ContractError) as caught:
        odcs.loads(text, "c")
    assert str(caught.value).startswith(message)


def test_what_stands_as_itself_counts_for_more_than_what_reads_as_it() -> None:
    """A key of which more is said is one key; what is edited beside it is not lost."""
    own = "customProperties: [{property: pgcontract, value: [PrimaryKey: {table: t, columns: c, deferrable: true}]}]"
    assert said(table("properties: [{name: c, physicalType: integer, primaryKey: true}]", own)) == [
        {"PrimaryKey": {"table": "t", "columns": ["c"], "deferrable": True}}
    ]
    edited = table("properties: [{name: d, primaryKey: true}]", own)
    assert {"PrimaryKey": {"table": "t", "columns": ["d"]}} in said(edited)
