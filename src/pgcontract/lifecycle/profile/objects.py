"""A JSON Schema of what JSON columns hold: of which types they are, and which keys are always there.

Only what stands at the top is described, or in an array there, and further keys stay allowed. The names of keys are
data where they are many or rare, as in a mapping of users to something: then there is nothing but the type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.contract.aggregate import Query
from pgcontract.contract.rows import ROWS
from pgcontract.expectations.values_json_schema import ValuesOfJsonSchema
from pgcontract.lifecycle.profile.proposals import ENOUGH
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.contract.aggregate import Question
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.lifecycle.profile.measures import Measured
    from pgcontract.lifecycle.profile.tables import Table

_MOST_KEYS = 30
_OFTEN = 20
"""A key is described that stands in one of so many objects at least."""
_KEY = re.compile(r"(?!.*\d{3})[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


@dataclass(frozen=True, slots=True)
class ObjectsOf:
    """What a column of JSON holds."""

    table: Table
    column: Column

    @property
    def _query(self) -> Query:
        """How often each type is there, in objects each key with each type, and in arrays each type of element."""
        name, source = quote(self.column.name), self.table.name
        value = name if self.table.known[self.column.name].type == "jsonb" else f"({name})::pg_catalog.jsonb"
        values = f"(select {value} as v from {source} where not ({name} is null)) as held"
        members = "pg_catalog.jsonb_each(case when pg_catalog.jsonb_typeof(v) = 'object' then v end) as m (k, w)"
        types = f"select {_type('v')} as t, {ROWS} as n from {values} group by 1"
        elements = "pg_catalog.jsonb_array_elements(case when pg_catalog.jsonb_typeof(v) = 'array' then v end) as e (w)"
        inside = f"select {_type('w')} as t, {ROWS} as n from {values}, {elements} group by 1"
        keys = (
            f"select k, {_type('w')} as t, {ROWS} as n from {values}, {members} group by 1, 2 "
            f"order by 1, 2 limit {_MOST_KEYS * len(_TYPES) + 1}"
        )
        pairs = "pg_catalog.json_agg(pg_catalog.json_build_array({}))"
        return Query(
            f"select (select {pairs.format('t, n')} from ({types}) as types), "
            f"(select {pairs.format('k, t, n')} from ({keys}) as keys), "
            f"(select {pairs.format('t, n')} from ({inside}) as inside)"
        )

    def questions(self) -> list[Question]:
        """One statement, which reads the column for its types, for keys and for elements."""
        return [self._query]

    def proposed(self, found: Mapping[Question, Any]) -> Iterator[DataExpectation]:
        """The schema."""
        answer = found.get(self._query)
        if not isinstance(answer, tuple) or not answer[0]:
            return
        types = dict(answer[0])
        schema: dict[str, Any] = {"type": _said(types)}
        if self.table.shows(self.column) and types.get("object", 0) >= ENOUGH:
            schema |= _members(answer[1] or [], types["object"])
        inside = dict(answer[2] or [])
        if types.get("array", 0) >= ENOUGH and sum(inside.values()) >= ENOUGH:
            schema["items"] = {"type": _said(inside)}
        yield ValuesOfJsonSchema(self.table.name, self.column.name, schema, **self.table.common)


def objects(table: Table, measured: Measured) -> list[ObjectsOf]:
    """What may be found out about a column of JSON; a sample would still be read whole."""
    plain = measured.type in {"json", "jsonb"} and not measured.known.formed
    return [ObjectsOf(table, measured.column)] if plain and table.sample is None and measured.values >= ENOUGH else []


def _type(value: str) -> str:
    kind = f"pg_catalog.jsonb_typeof({value})"
    whole = f"({value} #>> '{{}}')::pg_catalog.numeric % 1 = 0"
    return f"case when {kind} <> 'number' then {kind} when {whole} then 'integer' else 'number' end"


def _said(types: Mapping[str, int]) -> Any:
    """The types as a schema has them: one, or several; a number may be whole."""
    named = [name for name in _TYPES if name in types and not (name == "integer" and "number" in types)]
    return named[0] if len(named) == 1 else named


def _members(rows: list[Any], every: int) -> dict[str, Any]:
    """The keys that are often there, and which are always; nothing where keys are data themselves."""
    keys: dict[str, dict[str, int]] = {}
    for key, type_, many in rows:
        keys.setdefault(key, {})[type_] = many
    often = {key: types for key, types in keys.items() if sum(types.values()) * _OFTEN >= every}
    required = sorted(key for key, types in often.items() if sum(types.values()) == every)
    named = all(map(_KEY.fullmatch, keys)) and len(keys) <= _MOST_KEYS
    if not named or not often or len(often) * 2 < len(keys) or not (required or len(often) == len(keys)):
        return {}
    properties = {key: {"type": _said(types)} for key, types in sorted(often.items()) if types.keys() != {"null"}}
    return ({"required": required} if required else {}) | {"properties": properties}
