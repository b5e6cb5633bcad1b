"""The keywords of JSON Schema, each as an SQL condition on a jsonb value: `json_schema` puts them together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.names import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Inner: TypeAlias = "Callable[[Any, str], str]"
"""Writes the condition of a schema within the schema, on a value within the value."""

ANNOTATIONS = frozenset(
    {
        "$anchor",
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "default",
        "definitions",
        "deprecated",
        "description",
        "examples",
        "format",
        "readOnly",
        "title",
        "writeOnly",
    }
)
"""What says nothing that could be wrong of a value."""
_TYPES = ("null", "boolean", "object", "array", "number", "string", "integer")


class UnknownKeywordError(ValueError):
    """The schema says what cannot be asked of the server."""


def if_type(value: str, type_: str, test: str) -> str:
    """A test that only values of a type must pass; it is not made of others, which might be an error."""
    return f"case when {_typeof(value)} = '{type_}' then {test} else true end"


def _typeof(value: str) -> str:
    return f"pg_catalog.jsonb_typeof({value})"


def _json(value: Any) -> str:
    return f"{literal(json.dumps(value))}::pg_catalog.jsonb"


def _text(value: str) -> str:
    return f"({value} #>> '{{}}')"


def _number(value: str) -> str:
    return f"{_text(value)}::pg_catalog.numeric"


def _number_of(said: Any) -> str:
    return f"{literal(str(said))}::pg_catalog.numeric"


def _list_of(said: Any, place: str) -> list[Any]:
    if not isinstance(said, list) or not said:
        raise UnknownKeywordError(f"{place}: is not a list of one at least")
    return said


def _type(said: Any, value: str, place: str, _: object) -> str:
    names = [said] if isinstance(said, str) else _list_of(said, place)
    for name in names:
        if name not in _TYPES:
            raise UnknownKeywordError(f"{place}: {name!r} is no type")
    whole = f"case when {_typeof(value)} = 'number' then {_number(value)} % 1 = 0 else false end"
    plain = ", ".join(literal(name) for name in names if name != "integer")
    tests = [f"{_typeof(value)} in ({plain})"] if plain else []
    return " or ".join([*tests, *([whole] if "integer" in names and "number" not in names else [])])


def _all(said: Any, value: str, place: str, inner: Inner) -> str:
    return " and ".join(f"({inner(each, value)})" for each in _list_of(said, place))


def _any(said: Any, value: str, place: str, inner: Inner) -> str:
    return " or ".join(f"({inner(each, value)})" for each in _list_of(said, place))


def _one(said: Any, value: str, place: str, inner: Inner) -> str:
    return " + ".join(f"({inner(each, value)})::pg_catalog.int4" for each in _list_of(said, place)) + " = 1"


OF_ALL: Mapping[str, Callable[[Any, str, str, Inner], str]] = {
    "type": _type,
    "const": lambda said, value, _place, _inner: f"{value} = {_json(said)}",
    "enum": lambda said, value, place, _: f"{value} in ({', '.join(map(_json, _list_of(said, place)))})",
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
    "not": lambda said, value, _, inner: f"not ({inner(said, value)})",
}
"""What is asked of every value."""


def _compared(sign: str, measure: Callable[[str], str]) -> Callable[[Any, str, str], str]:
    return lambda said, value, _: f"{measure(value)} {sign} {_number_of(said)}"


def _length(value: str) -> str:
    return f"pg_catalog.char_length({_text(value)})"


def _elements(value: str) -> str:
    return f"pg_catalog.jsonb_array_length({value})"


def _members(value: str) -> str:
    return f"(select pg_catalog.count(*) from pg_catalog.jsonb_object_keys({value}))"


def _has(value: str, key: str) -> str:
    return f"pg_catalog.jsonb_exists({value}, {literal(key)})"


def _required(said: Any, value: str, _: str) -> str:
    return " and ".join(_has(value, key) for key in said) or "true"


def _dependent(said: Any, value: str, place: str) -> str:
    each = (f"(not {_has(value, key)} or {_required(others, value, place)})" for key, others in said.items())
    return " and ".join(each) or "true"


def _unique(said: Any, value: str, _: str) -> str:
    distinct = (
        f"select pg_catalog.count(*) = pg_catalog.count(distinct x) from pg_catalog.jsonb_array_elements({value})"
    )
    return f"({distinct} as x)" if said else "true"


OF_TYPE: Mapping[str, tuple[str, Callable[[Any, str, str], str]]] = {
    "minimum": ("number", _compared(">=", _number)),
    "maximum": ("number", _compared("<=", _number)),
    "exclusiveMinimum": ("number", _compared(">", _number)),
    "exclusiveMaximum": ("number", _compared("<", _number)),
    "multipleOf": ("number", lambda said, value, _: f"{_number(value)} % {_number_of(said)} = 0"),
    "minLength": ("string", _compared(">=", _length)),
    "maxLength": ("string", _compared("<=", _length)),
    "pattern": ("string", lambda said, value, _: f"{_text(value)} ~ {literal(said)}"),
    "minItems": ("array", _compared(">=", _elements)),
    "maxItems": ("array", _compared("<=", _elements)),
    "uniqueItems": ("array", _unique),
    "minProperties": ("object", _compared(">=", _members)),
    "maxProperties": ("object", _compared("<=", _members)),
    "required": ("object", _required),
    "dependentRequired": ("object", _dependent),
}
"""What is asked of values of one type alone."""


def _properties(schema: Any, value: str, _: str, inner: Inner) -> str:
    each = (
        f"case when {_has(value, key)} then {inner(sub, f'({value} -> {literal(key)})')} else true end"
        for key, sub in schema["properties"].items()
    )
    return " and ".join(each) or "true"


def _each_member(value: str, alias: str, test: str, only: str = "true") -> str:
    """Whether all members pass, of which the alias has `key` and `value`; those alone of which `only` is true."""
    source = f"pg_catalog.jsonb_each({value}) as {alias}"
    return f"not exists (select from {source} where ({only}) and not ({test}))"


def _by_pattern(schema: Any, value: str, alias: str, inner: Inner) -> str:
    each = (
        _each_member(value, f"{alias}_{place}", inner(sub, f"{alias}_{place}.value"), _matches(f"{alias}_{place}", key))
        for place, (key, sub) in enumerate(schema["patternProperties"].items())
    )
    return " and ".join(each) or "true"


def _matches(alias: str, pattern: str) -> str:
    return f"{alias}.key ~ {literal(pattern)}"


def _additional(schema: Any, value: str, alias: str, inner: Inner) -> str:
    known = [literal(key) for key in schema.get("properties", {})]
    tests = [f"{alias}.key not in ({', '.join(known)})"] if known else []
    tests += [f"not ({_matches(alias, pattern)})" for pattern in schema.get("patternProperties", {})]
    inside = inner(schema["additionalProperties"], f"{alias}.value")
    return _each_member(value, alias, inside, " and ".join(tests) or "true")


def _names(schema: Any, value: str, alias: str, inner: Inner) -> str:
    return _each_member(value, alias, inner(schema["propertyNames"], f"pg_catalog.to_jsonb({alias}.key)"))


def _items(schema: Any, value: str, alias: str, inner: Inner) -> str:
    source = f"pg_catalog.jsonb_array_elements({value}) with ordinality as {alias} (value, place)"
    past = f"{alias}.place > {len(schema.get('prefixItems', ()))}"
    return f"not exists (select from {source} where {past} and not ({inner(schema['items'], f'{alias}.value')}))"


def _prefix(schema: Any, value: str, _: str, inner: Inner) -> str:
    each = (
        f"case when {_elements(value)} > {place} then {inner(sub, f'({value} -> {place})')} else true end"
        for place, sub in enumerate(schema["prefixItems"])
    )
    return " and ".join(each) or "true"


def _contains(schema: Any, value: str, alias: str, inner: Inner) -> str:
    source = f"pg_catalog.jsonb_array_elements({value}) as {alias} (value)"
    test = inner(schema["contains"], f"{alias}.value")
    least = _number_of(schema.get("minContains", 1))
    most = f" and {alias}_n <= {_number_of(schema['maxContains'])}" if "maxContains" in schema else ""
    counted = f"select pg_catalog.count(*) as {alias}_n from {source} where {test}"
    return f"(select {alias}_n >= {least}{most} from ({counted}) as {alias}_c)"


def chosen(schema: Any, value: str, inner: Inner) -> str:
    """`if`, with its `then` and `else`."""
    then, other = (inner(schema.get(word, True), value) for word in ("then", "else"))
    return f"case when {inner(schema['if'], value)} then {then} else {other} end"


def _dependent_schemas(schema: Any, value: str, _: str, inner: Inner) -> str:
    each = (
        f"case when {_has(value, key)} then {inner(sub, value)} else true end"
        for key, sub in schema["dependentSchemas"].items()
    )
    return " and ".join(each) or "true"


OF_PARTS: Mapping[str, tuple[str, Callable[[Any, str, str, Inner], str]]] = {
    "properties": ("object", _properties),
    "patternProperties": ("object", _by_pattern),
    "additionalProperties": ("object", _additional),
    "propertyNames": ("object", _names),
    "dependentSchemas": ("object", _dependent_schemas),
    "items": ("array", _items),
    "prefixItems": ("array", _prefix),
    "contains": ("array", _contains),
}
"""What is asked of the parts of objects and arrays: it is given the schema, and a name for the part."""
WITH_OTHERS = frozenset({"then", "else", "minContains", "maxContains"})
"""Keywords that another one of the same schema looks at."""
