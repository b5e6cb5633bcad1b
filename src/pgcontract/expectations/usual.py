"""What the parts of a relation are where nothing else is said: as CREATE makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.folding import lone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_AT_ONCE: dict[str, Any] = {"deferrable": False, "deferred": False}
USUAL: Mapping[str, Mapping[str, Any]] = {
    "primary_key": {**_AT_ONCE, "include": []},
    "foreign_keys": {"on_delete": "NO ACTION", "on_update": "NO ACTION", "match": "SIMPLE", **_AT_ONCE},
    "unique": {"nulls_not_distinct": False, "include": [], **_AT_ONCE},
    "checks": {"no_inherit": False},
    "exclusions": _AT_ONCE,
    "indexes": {"unique": False, "parameters": []},
    "policies": {"permissive": True},
    "triggers": {"when": "true", "columns": [], "arguments": [], "state": "ORIGIN", "constraint": False, **_AT_ONCE},
    "rules": {"state": "ORIGIN"},
    "identity": {"start": 1, "increment": 1, "minimum": 1, "cache": 1, "cycle": False},
}
"""By the key of a part what its other keys are."""
_BARE = {
    **dict.fromkeys(("primary_key", "unique", "indexes"), "columns"),
    "checks": "expression",
    "exclusions": "elements",
    "triggers": "function",
    "identity": "generated",
}
_MAXIMUM = {
    **dict.fromkeys(("smallint", "int2"), 2**15 - 1),
    **dict.fromkeys(("integer", "int", "int4"), 2**31 - 1),
    **dict.fromkeys(("bigint", "int8"), 2**63 - 1),
}


def usual(key: str, part: Mapping[str, Any], type_: str | None = None) -> dict[str, Any]:
    """What a part has beside what is said of it; of an identity column, its type says up to where it counts."""
    found = dict(USUAL[key])
    if key == "indexes" and part.get("unique"):
        found["nulls_not_distinct"] = False
    if key == "identity" and type_ is not None and type_.lower() in _MAXIMUM:
        found["maximum"] = _MAXIMUM[type_.lower()]
    return found


def without_usual(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The content of a relation's form without what is usual; None where something usual is not said of a part."""
    found: dict[str, Any] = dict(content)
    try:
        for key in USUAL.keys() & content.keys():
            parts = content[key]
            if isinstance(parts, list):
                found[key] = [_stripped(key, part) for part in parts]
            elif key == "primary_key":
                found[key] = _stripped(key, parts)
            else:
                found[key] = {name: _stripped(key, part) for name, part in parts.items()}
        if "columns" in content:
            found["columns"] = dict(_columns(content["columns"]))
    except LookupError:
        return None
    return found


def _columns(columns: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, column in columns.items():
        if isinstance(column, dict) and column.get("identity") is not None:
            yield name, {**column, "identity": _stripped("identity", column["identity"], column.get("type"))}
        else:
            yield name, column


def _stripped(key: str, part: Any, type_: str | None = None) -> Any:
    """The part without what is usual.

    Raises:
        LookupError: Something usual is not said of it.
    """
    said = part if isinstance(part, dict) else {_BARE.get(key, ""): part}
    expected = usual(key, said, type_)
    if not expected.keys() <= said.keys():
        raise LookupError(key)
    kept = {name: value for name, value in said.items() if name not in expected or value != expected[name]}
    return lone(kept, _BARE.get(key))
