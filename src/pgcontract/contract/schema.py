"""The JSON Schema of contract files, for editors that complete and check while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from pgcontract.contract import registry
from pgcontract.contract.describe import summary

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pgcontract.contract.expectation import Expectation

_REF = "#/$defs/{model}"


def contract_schema() -> dict[str, Any]:
    """The schema of a contract file with all expectations and sections that installed packages offer."""
    kinds, sections = registry.offered(), registry.sections()
    models: list[tuple[type[BaseModel], Any]] = [(cls, "validation") for cls in (*kinds.values(), *sections.values())]
    references, definitions = models_json_schema(models, ref_template=_REF)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pgcontract contract",
        "description": "What a PostgreSQL database should be.",
        "type": "object",
        "required": ["suite"],
        "additionalProperties": False,
        "properties": {
            "suite": {"type": "string", "description": "The contract's name."},
            "schema": {"type": "string", "default": "public", "description": "The schema of bare names."},
            **{key: references[section, "validation"] for key, section in sections.items()},
            "expectations": {
                "type": "array",
                "items": {"oneOf": [_item(cls, references[cls, "validation"]) for cls in kinds.values()]},
            },
        },
        "$defs": definitions["$defs"],
    }


def _item(cls: type[Expectation], reference: dict[str, Any]) -> dict[str, Any]:
    """`Kind: {fields}`, and, where one field is enough, `Kind: value`."""
    required = [name for name, field in cls.model_fields.items() if field.is_required()]
    first = cls.positional()[:1]
    forms = [reference]
    if first and required in ([], list(first)):
        forms.append({"type": ["string", "number", "boolean", "array"]})
    return {
        "type": "object",
        "description": summary(cls),
        "required": [cls.__name__],
        "additionalProperties": False,
        "properties": {cls.__name__: {"anyOf": forms} if len(forms) > 1 else reference},
    }
