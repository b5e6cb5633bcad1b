from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from pgcontract.contract.json_schema import condition
from pgcontract.contract.rows import EachValueExpectation, present
from pgcontract.names import quote

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord


def _understood(schema: Any) -> Any:
    condition(schema, "it")
    return schema


JsonSchema = Annotated[Any, AfterValidator(_understood)]
"""A JSON Schema that can be asked of the server."""


class ValuesOfJsonSchema(EachValueExpectation):
    """The values of {table}.{column} are valid by a JSON Schema.

    Of `jsonb` and `json`; NULL does not count, but JSON's `null` is a value. The schema (draft 2020-12) becomes a
    condition that the server tests in the one scan, without an extension; a keyword that is not understood is refused
    when the contract is read. Patterns are Postgres's regular expressions, and `format` is a remark, as in the draft.

    Example:
        ValuesOfJsonSchema("events", "payload", {"type": "object", "required": ["kind"]})

    Repair: correct the rows; then make it a CHECK.
    """

    json_schema: JsonSchema

    def holds(self, relation: RelationRecord) -> str:
        type_, column = self.type_in(relation), quote(self.column)
        value = column if type_ == "jsonb" else f"({column}::pg_catalog.jsonb)"
        return f"case when {present(column)} then {condition(self.json_schema, value)} end"

    def wanted(self) -> str:
        return "valid by the JSON Schema"
