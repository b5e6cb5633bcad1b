"""The JSON Schema of contract files, for editors that complete and check while one types."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from pgcontract.contract import registry
from pgcontract.contract.describe import explanation
from pgcontract.contract.ignore import Ignore
from pgcontract.contract.principals import PRESETS, Principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from pgcontract.contract.expectation import Expectation

_REF = "#/$defs/{model}"
_ATTRIBUTES = re.compile(r"\n\nAttributes:\n(?P<attributes>(?:[ ]{4}.*\n?|\n)+)")
_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)


def contract_schema() -> dict[str, Any]:
    """The schema of a contract file with all expectations and sections that installed packages offer."""
    kinds, sections = registry.offered(), registry.sections()
    classes: list[type[BaseModel]] = [*kinds.values(), *sections.values(), Ignore, Principal]
    models: list[tuple[type[BaseModel], Any]] = [(cls, "validation") for cls in classes]
    references, made = models_json_schema(models, ref_template=_REF, schema_generator=_Untitled)
    definitions = {name: _described(schema, kinds.get(name)) for name, schema in made["$defs"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pgcontract contract",
        "description": "What a PostgreSQL database should be.",
        "type": "object",
        "required": ["suite"],
        "additionalProperties": False,
        "properties": {
            "suite": {"type": "string", "pattern": r"\S", "description": "The contract's name."},
            "schema": {
                "type": "string",
                "pattern": r"\S",
                "default": "public",
                "description": "The schema of bare names.",
            },
            "rows_as": {
                "type": "string",
                "pattern": r"\S",
                "description": "The role as which rows are read for data expectations; else whoever is connected.",
            },
            "ignore": {
                "type": "array",
                "description": "Which failures do not count for now, why, and until when.",
                "items": references[Ignore, "validation"],
            },
            "principals": _principals(references[Principal, "validation"]),
            **{key: references[section, "validation"] for key, section in sections.items()},
            "expectations": {
                "type": "array",
                "description": "The long form: one expectation an item.",
                "items": _item(kinds, definitions),
            },
        },
        "$defs": definitions,
    }


class _Untitled(GenerateJsonSchema):
    """Without a title for each field, which says its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - none should
        return False


def _principals(principal: Any) -> dict[str, Any]:
    """A list of principals, and of words that stand for some; or one such word."""
    preset = {"enum": [*PRESETS]}
    items = {"type": "array", "items": {"anyOf": [principal, preset]}}
    said = "Who acts in probes: principals, and `supabase` for that platform's."
    return {"description": said, "anyOf": [items, preset]}


def _item(kinds: Mapping[str, type[Expectation]], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """`Kind: …`; or `Kind` alone, of those that need nothing more."""
    item = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {name: _value(cls, definitions[name]) for name, cls in kinds.items()},
    }
    alone = [name for name in kinds if not definitions[name].get("required")]
    return {"anyOf": [item, {"enum": alone}]} if alone else item


def _value(cls: type[Expectation], definition: dict[str, Any]) -> dict[str, Any]:
    """The fields; or, where one field is enough, that field's value; or nothing, where none is needed."""
    forms = [{"$ref": _REF.format(model=cls.__name__)}]
    required = definition.get("required", [])
    first = list(cls.positional()[:1])
    if first and required in ([], first):
        forms.append(definition["properties"][first[0]])
    if not required:
        forms.append({"type": "null"})
    return {"description": definition["description"], "anyOf": forms}


def _described(definition: dict[str, Any], kind: type[Expectation] | None) -> dict[str, Any]:
    """The definition, with what its docstring says of each field at that field."""
    text = explanation(kind) if kind else inspect.cleandoc(definition.get("description", ""))
    found = _ATTRIBUTES.search(text)
    said = dict(_ATTRIBUTE.findall(found["attributes"])) if found else {}
    properties = {
        name: {"description": " ".join(said[name].split())} | field if name in said else field
        for name, field in definition.get("properties", {}).items()
    }
    described = definition | {"description": _ATTRIBUTES.sub("", text)}
    return described | {"properties": properties} if properties else described
