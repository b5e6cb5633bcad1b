"""What a field takes, in words: of every kind of JSON Schema that fields have, and of every field that there is."""

from __future__ import annotations

import pytest

from pgcontract import AclIs, IndexPresent
from pgcontract.contract import registry
from pgcontract.contract.describe import parameters
from pgcontract.contract.takes import choices, takes

TEXT = {"type": "string"}
NULL = {"type": "null"}
ANY_CASE = {"pattern": "^([Rr][Oo][Ww])$", "type": "string"}
LEVEL = {"anyOf": [{"enum": ["ROW", "STATEMENT"]}, ANY_CASE, NULL]}
MANY = {"anyOf": [{"enum": list("abcdefgh")}, ANY_CASE]}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (TEXT, "text"),
        ({"type": "integer"}, "whole number"),
        ({"type": "object", "additionalProperties": TEXT}, "mapping"),
        ({"type": "array", "items": TEXT}, "list of texts"),
        ({"type": "array", "items": {}}, "list"),
        ({"anyOf": [TEXT, NULL]}, "text"),
        ({"anyOf": [TEXT, {"type": "array", "items": TEXT}, NULL]}, "one or more texts"),
        ({"anyOf": [TEXT, {"type": "number"}, {"type": "boolean"}, NULL]}, "SQL"),
        ({"anyOf": [{"type": "boolean"}, {"type": "integer"}, {"type": "number"}, TEXT]}, "constant"),
        ({"anyOf": [{"type": "object"}, TEXT, {"type": "number"}, {"type": "boolean"}]}, "anything"),
        (LEVEL, "ROW or STATEMENT"),
        ({"enum": ["a", "b", "c"]}, "a, b or c"),
        (MANY, "a word"),
        ({"anyOf": [MANY, {"type": "array", "items": MANY}]}, "one or more words"),
        ({"description": "An operator class: its name.", "type": "string"}, "operator class"),
        ({"description": "Only these rows: others are not read.", "type": "string"}, "text"),
        ({}, "anything"),
    ],
)
def test_words(schema: dict[str, object], words: str) -> None:
    assert takes(schema) == words


def test_choices_stand_once_however_deep() -> None:
    assert choices(LEVEL) == ["ROW", "STATEMENT"]
    assert choices({"anyOf": [MANY, {"type": "array", "items": MANY}]}) == list("abcdefgh")
    assert choices(TEXT) == []


def test_every_field_has_words_and_a_default_that_can_be_written() -> None:
    found = {one.name: one for cls in registry.offered().values() for one in parameters(cls)}
    assert not [name for name, one in found.items() if not one.type or "Undefined" in f"{one.default}"]
    told = {one.name: (one.type, one.default) for one in parameters(IndexPresent)}
    assert told["columns"] == ("one or more texts", None)
    assert told["method"] == ("text", "'btree'")
    (noun, *_) = parameters(AclIs)
    assert noun.choices_untold
    assert "tablespace" in noun.choices
