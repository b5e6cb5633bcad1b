"""What a field takes, in words for people, from its JSON Schema: `relation`, `one or more texts`, `LIST or HASH`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}
# A constant or an expression of SQL: a text, but a number or a truth value may be written without quotes.
_SQL = {"text", "number", "true or false"}
_MOST = 6
"""More words than these are listed by who writes about them, not as a type."""


def takes(schema: Mapping[str, Any]) -> str:
    """The words for a property's JSON Schema; that it may be left out, its default says.

    >>> takes({"anyOf": [{"type": "string"}, {"items": {"type": "string"}, "type": "array"}, {"type": "null"}]})
    'one or more texts'
    """
    parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    if noun := _noun(schema.get("description", "")):
        return noun
    if "enum" in schema:
        return _listed([str(word) for word in schema["enum"]])
    return _either(parts) if parts else _of_type(schema)


def _noun(description: str) -> str:
    """Of `An operator class: …` the noun: a name in a form of its own, which the description explains."""
    article, _, noun = description.partition(":")[0].partition(" ")
    return noun if article in {"A", "An"} and ":" in description else ""


def _of_type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_several(takes(schema['items']))}" if schema.get("items") else "list"
    return {**_TYPES, "object": "mapping"}.get(kind, "anything")


def choices(schema: Mapping[str, Any]) -> list[str]:
    """The words that a property may be, however deep they stand; none where any text will do."""
    words = [str(word) for word in schema.get("enum", ())]
    parts = [*schema.get("anyOf", ()), *([schema["items"]] if isinstance(schema.get("items"), dict) else ())]
    return list(dict.fromkeys([*words, *(word for part in parts for word in choices(part))]))


def _either(parts: list[Mapping[str, Any]]) -> str:
    # Words that may be written in any case have a pattern beside them, which says nothing to people.
    told = [part for part in parts if "pattern" not in part] or parts
    words = list(dict.fromkeys(map(takes, told)))
    if set(words) == _SQL:
        return "SQL"
    if set(words) >= _SQL:
        return "constant" if set(words) <= {*_SQL, "whole number"} else "anything"
    for one in words:
        if f"list of {_several(one)}" in words:
            rest = [word for word in words if word not in {one, f"list of {_several(one)}"}]
            return " or ".join([f"one or more {_several(one)}", *rest])
    return " or ".join(words)


def _listed(words: list[str]) -> str:
    if len(words) > _MOST:
        return "a word"
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _several(words: str) -> str:
    one_noun = not any(part in words for part in (", ", " or ")) and not words.isupper()
    return words if words in {"SQL", "anything"} or words.endswith("s") or not one_noun else _plural(words)


def _plural(words: str) -> str:
    return {"a word": "words"}.get(words, f"{words}s")
