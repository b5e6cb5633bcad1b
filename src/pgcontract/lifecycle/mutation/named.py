"""How SQL addresses each noun's records: `table public.users`, `function public.total(uuid)`."""

from __future__ import annotations

from typing import Any

from pgcontract.names import quote

_RELATIONS = {
    "table": "table",
    "partitioned table": "table",
    "view": "view",
    "materialized view": "materialized view",
    "foreign table": "foreign table",
}
_ROUTINES = {"function": "function", "procedure": "procedure", "aggregate": "aggregate", "window": "function"}
_OTHERS = {
    "sequences": "sequence",
    "collations": "collation",
    "statistics": "statistics",
    "text_search_dictionaries": "text search dictionary",
    "text_search_configurations": "text search configuration",
}
_SINGLE = {"operators": "operator", "operator_classes": "operator class", "casts": "cast"}
_BARE = {
    "schemas": "schema",
    "roles": "role",
    "extensions": "extension",
    "languages": "language",
    "event_triggers": "event trigger",
    "publications": "publication",
    "subscriptions": "subscription",
    "foreign_servers": "server",
    "foreign_data_wrappers": "foreign data wrapper",
    "tablespaces": "tablespace",
}


_SAID = {"relations": "table or view", "functions": "function", "types": "type", "statistics": "statistics object"}


def a(plural: str) -> str:
    """One of them, in words.

    >>> a("operator_classes"), a("relations")
    ('an operator class', 'a table or view')
    """
    word = (_OTHERS | _BARE | _SINGLE | {"foreign_servers": "foreign server"} | _SAID)[plural]
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def relation_word(kind: str) -> str:
    """The word that ALTER has for a relation of that kind."""
    return _RELATIONS[kind]


def noun(plural: str, record: Any) -> str:
    """The word that ALTER and COMMENT have for a record."""
    if plural == "relations":
        return relation_word(record.kind)
    if plural == "functions":
        return _ROUTINES[record.kind]
    if plural == "types":
        return "domain" if record.kind == "domain" else "type"
    return (_OTHERS | _BARE | _SINGLE)[plural]


def addressed(plural: str, name: str, record: Any) -> str:
    """The noun and the name as SQL has them."""
    return f"{noun(plural, record)} {quote(name) if plural in _BARE else name}"


def canonical(plural: str, name: str) -> str:
    """The name as it is shown."""
    return quote(name) if plural in _BARE else name
