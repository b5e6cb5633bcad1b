"""A catalog as JSON: saved today, verified or compared tomorrow, without the server.

What is loaded is taken literally or not at all: an unknown key, a missing one, a number written as text or a record
under another's name is damage, and the message says where.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import SimpleNamespace, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pgcontract.catalog import (
    casts,
    collations,
    columns,
    constraints,
    default_privileges,
    event_triggers,
    extensions,
    foreign_data_wrappers,
    foreign_servers,
    foreign_tables,
    functions,
    indexes,
    inheritance,
    languages,
    operator_classes,
    operators,
    partitions,
    policies,
    privileges,
    publications,
    relations,
    roles,
    rules,
    schemas,
    sequences,
    statistics,
    storage,
    subscriptions,
    tablespaces,
    text_search_configurations,
    text_search_dictionaries,
    triggers,
    types,
    views,
)
from pgcontract.catalog.catalog import Catalog
from pgcontract.catalog.origin import contents, heading, refusal

# Computed from the rest, or only good for one contract.
_NOT_SAVED = frozenset({"tables", "overloads", "forms", "unreadable"})
_MODULES = (
    *(columns, constraints, extensions, functions, indexes, policies),
    *(privileges, relations, roles, schemas, sequences, triggers),
    *(casts, collations, languages, operator_classes, operators, tablespaces, types),
    *(event_triggers, foreign_data_wrappers, foreign_servers, foreign_tables, inheritance, partitions),
    *(default_privileges, publications, rules, statistics, storage, subscriptions, views),
    *(text_search_configurations, text_search_dictionaries),
)


def dump(catalog: Catalog) -> str:
    """The catalog as JSON text; two reads of the same database give the same text.

    Raises:
        UnreadableError: The role may not read all of it; what is missing would pass for what is not there.
    """
    for noun in catalog.unreadable:
        catalog.require(noun)
    return json.dumps({**heading(catalog.server), **_plain(catalog)}, indent=1, ensure_ascii=False) + "\n"


def load(text: str) -> Catalog:
    """The catalog that was saved as the text.

    Raises:
        PgContractError: It is not a saved catalog, is damaged, or of a format that this version does not read; the
            message says which format it is and what wrote it, if the text does.
    """
    content = contents(text)
    try:
        catalog: Catalog = _record(Catalog, content)
    except _DamageError as damage:
        raise refusal(text, f"this saved catalog is damaged {damage}") from None
    return catalog


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name not in _NOT_SAVED
        }
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


class _DamageError(ValueError):
    """Something that is not as it was saved, and the path to it, innermost first."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.path: list[str] = []

    def __str__(self) -> str:
        return f"at {'.'.join(reversed(self.path)) or 'its top'}: {self.args[0]}"


def _record(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _DamageError(f"{value!r} is no record")
    hints, required = _hints(kind)
    for key in value:
        if key not in hints:
            raise _DamageError(f"{key!r} is unknown")
    missing = required - value.keys()
    if missing:
        raise _DamageError(f"{min(missing)!r} is missing")
    return kind(**dict(_within(value, lambda key, item: _value(hints[key], item))))


def _mapping(hint: Any, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _DamageError(f"{value!r} is no record")

    def under(key: str, item: Any) -> Any:
        record = _record(hint, item)
        name = record.signature if hasattr(record, "signature") else record.name
        if name != key:
            raise _DamageError(f"this is the record of {name}")
        return record

    return dict(_within(value, under))


def _within(items: Mapping[str, Any], make: Any) -> Iterator[tuple[str, Any]]:
    for key, item in items.items():
        try:
            yield key, make(key, item)
        except _DamageError as damage:
            damage.path.append(key)
            raise


def _value(hint: Any, value: Any) -> Any:
    origin, of = get_origin(hint), get_args(hint)
    if origin in {UnionType, Union}:
        return None if value is None else _value(of[0], value)
    if origin is Literal:
        if value not in of:
            raise _DamageError(f"{value!r} is none of {', '.join(map(str, of))}")
        return value
    if origin is tuple and isinstance(value, list):
        return tuple(_value(of[0], item) for item in value)
    if origin is Mapping:
        return _mapping(of[1], value)
    if is_dataclass(hint):
        return _record(hint, value)
    if type(value) is not hint:
        wanted = "a list" if origin is tuple else {str: "text", int: "a number", bool: "true or false"}[hint]
        raise _DamageError(f"{value!r} is not {wanted}")
    return value


def _is_type(item: Any) -> bool:
    """Whether a module's item may be named in the annotations of another module's records."""
    return is_dataclass(item) or get_origin(item) is Literal


@cache
def _hints(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The types of a record's fields, and the fields that it cannot do without."""
    names: dict[str, Any] = {"Mapping": Mapping}
    for module in _MODULES:
        names |= {name: item for name, item in vars(module).items() if _is_type(item)}
    saved = [field for field in fields(kind) if field.name not in _NOT_SAVED]
    annotations = {field.name: kind.__annotations__[field.name] for field in saved}
    holder = SimpleNamespace(__annotations__=annotations)
    hints = get_type_hints(holder, names | vars(__import__(kind.__module__, fromlist=["_"])))
    required = (field.name for field in saved if field.default is MISSING and field.default_factory is MISSING)
    return hints, frozenset(required)
