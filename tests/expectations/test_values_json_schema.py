from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from pydantic import ValidationError

from pgcontract import ValuesOfJsonSchema
from pgcontract.contract.json_schema import condition
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (id int, doc jsonb, old json);
insert into t values (1, '{"kind": "é"}', '1'), (2, null, '2');
"""
BACK = "delete from t where id = 5"
OBJECT = {"type": "object", "required": ["kind"]}
CASES = [
    Case(
        ValuesOfJsonSchema("t", "doc", OBJECT),
        SETUP,
        "insert into t values (5, '{}')",
        "1 of 2 values of public.t.doc is not valid by the JSON Schema",
        BACK,
    ),
    Case(
        ValuesOfJsonSchema("t", "doc", OBJECT), SETUP, "insert into t values (5, 'null')", "1 of 2", BACK, name="null"
    ),
    Case(ValuesOfJsonSchema("t", "old", {"maximum": 2}), SETUP, "insert into t values (5, null, '3')", "1 of 3", BACK),
    Case(
        ValuesOfJsonSchema("t", "doc", OBJECT, mostly=0.5, where="id > 0"), SETUP, "update t set doc = '1'", "not valid"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


SCHEMAS: list[Any] = [
    True,
    False,
    {},
    {"type": "integer"},
    {"type": ["string", "null"]},
    {"type": ["integer", "number"]},
    {"const": {"a": [1]}},
    {"enum": [1, "x", None, [1, 2]]},
    {"minimum": 1, "exclusiveMaximum": 3},
    {"multipleOf": 0.5},
    {"minLength": 1, "maxLength": 2},
    {"pattern": "^x"},
    {"items": {"type": "number"}, "minItems": 1},
    {"uniqueItems": True, "maxItems": 3},
    {"prefixItems": [{"type": "number"}, {"type": "string"}], "items": False},
    {"contains": {"type": "string"}},
    {"contains": {"type": "number"}, "minContains": 2, "maxContains": 2},
    {"contains": {"const": "never"}, "minContains": 0},
    {"properties": {"a": {"type": "number"}, "b b'": {"minLength": 1}}, "additionalProperties": False},
    {"patternProperties": {"^a": {"type": "number"}}, "additionalProperties": {"type": "string"}},
    {"required": ["a"], "maxProperties": 1},
    {"minProperties": 1, "propertyNames": {"pattern": "^a"}},
    {"dependentRequired": {"a": ["b b'"]}},
    {"dependentSchemas": {"a": {"required": ["b b'"]}}},
    {"allOf": [{"type": "object"}, {"required": ["a"]}]},
    {"anyOf": [{"type": "string"}, {"minimum": 2}]},
    {"oneOf": [{"type": "integer"}, {"minimum": 2}]},
    {"not": {"type": "object"}},
    {"if": {"type": "number"}, "then": {"minimum": 1}, "else": {"type": "object"}},
    {"$defs": {"n/m": {"type": "number"}}, "properties": {"a": {"$ref": "#/$defs/n~1m"}}, "title": "é"},
]
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 1.0, 1.5, 2, 3, -1, 1e30, "", "x", "xé", "xyz", "é😀"),
    *([], [1], [1, 1.0], [1, "x"], [1, "x", 2], ["x", "x"], [[1, 2]], [1, 2], [1, 2, 3, 4], [{"a": 1}]),
    *({}, {"a": 1}, {"a": "x"}, {"a": [1]}, {"b b'": ""}, {"a": 1, "b b'": "x"}, {"ab": 1, "c": "x"}, {"c": 1}),
]

VALUES_AS_JSON = [json.dumps(value) for value in VALUES]


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
def test_the_server_agrees_with_a_validator(lab: psycopg.Connection[Any], schema: Any) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    test = condition(schema, "v").replace("%", "%%")
    told = lab.execute(f"select {test} from unnest(%s::text[]::jsonb[]) as v".encode(), [VALUES_AS_JSON])
    assert [(value, answer) for value, (answer,) in zip(VALUES, told, strict=True)] == [
        (value, validator.is_valid(value)) for value in VALUES
    ]


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"unevaluatedProperties": False}, "#/unevaluatedProperties: the keyword is not understood"),
        ({"properties": {"a": {"requierd": ["x"]}}}, "#/properties/requierd: the keyword is not understood"),
        ({"$ref": "https://example.org/schema"}, "only references into the same schema"),
        ({"$ref": "#/$defs/gone"}, "there is no #/$defs/gone"),
        ({"items": {"$ref": "#"}}, "# refers to itself"),
        ({"type": "text"}, "'text' is no type"),
        ({"minimum": "1"}, "is not a number"),
        ({"oneOf": []}, "is not a list of one at least"),
        ({"maximum": float("nan")}, "#/maximum: is not a number"),
        ({"multipleOf": 0}, "is not a number above 0"),
        ({"minLength": -1}, "is not a whole number from 0"),
        ({"pattern": 5}, "#/pattern: is not a text"),
        ({"not": {"pattern": "\0"}}, "#/not/pattern: is not a text"),
        ({"required": [1]}, "is not a list of texts"),
        ({"dependentRequired": {"a": "b"}}, "is not an object of lists of texts"),
        ({"properties": []}, "is not an object"),
        ({"prefixItems": {}}, "is not a list of one at least"),
        ({"uniqueItems": "yes"}, "is not true or false"),
        ([], "a schema is an object"),
    ],
)
def test_what_would_not_be_checked_is_refused(schema: Any, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ValuesOfJsonSchema("t", "doc", schema)
    assert reason in str(refused.value)
