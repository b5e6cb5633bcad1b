"""Which fields of records are compared, which are not, and why."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

NOT_COMPARED: dict[tuple[str, str], str] = {
    ("*", "name"): "it is what objects are told apart by",
    ("Column", "position"): "compared as the order of the columns that both sides have: one that is dropped moves all",
    ("Relation", "is_partition"): "its partition bound says it",
    ("View", "materialized"): "its relation's kind says it",
    ("Extension", "default_version"): "it is the server's, and no part of what the database is",
    ("Function", "types"): "functions are told apart by them",
    ("Rule", "relation"): "rules are told apart by it",
    ("Cast", "source"): "casts are told apart by it",
    ("Cast", "target"): "casts are told apart by it",
    ("Cast", "system"): "the server's own casts are not compared",
    ("Operator", "left"): "operators are told apart by it",
    ("Operator", "right"): "operators are told apart by it",
    ("OperatorClass", "method"): "operator classes are told apart by it",
    ("DefaultPrivileges", "role"): "default privileges are told apart by it",
    ("DefaultPrivileges", "objects"): "default privileges are told apart by it",
    ("DefaultPrivileges", "schema"): "default privileges are told apart by it",
    ("Server", "version"): "it is the server's",
    ("Server", "version_number"): "it is the server's",
    ("Server", "user"): "it is who read",
    ("Server", "standby"): "it is the server's",
    ("Server", "host"): "it is where the server is",
}
"""The fields that are not compared, by record and field, with the reason; `*` is every record."""

OF_A_PLACE = frozenset({"owner", "encoding", "collation", "character_type", "comment"})
"""What of a database says nothing where it was made for the comparison."""

_ON_VIEWS = ("security_invoker=", "security_barrier=", "check_option=")


def compared(cls: type[Any]) -> tuple[str, ...]:
    """The fields of a record's class that are compared, in its order."""
    if cls not in _COMPARED:
        name = cls.__name__
        _COMPARED[cls] = tuple(
            field.name
            for field in fields(cls)
            if ("*", field.name) not in NOT_COMPARED and (name, field.name) not in NOT_COMPARED
        )
    return _COMPARED[cls]


_COMPARED: dict[type[Any], tuple[str, ...]] = {}


def options_of(record: Any, field: str) -> tuple[str, ...]:
    """The options in a field, as `name=value`, without those of a view that its record says in words."""
    options: tuple[str, ...] = getattr(record, field)
    if type(record).__name__ == "Relation":
        return tuple(option for option in options if not option.startswith(_ON_VIEWS))
    return options


NAMED = frozenset({"options", "settings", "settings_here", "aggregate", "stored"})
"""The fields that hold `name=value`, each of which is a property of its own."""

SINGULAR = {
    "options": "option",
    "settings": "setting",
    "settings_here": "setting in this database",
    "aggregate": "",
    "stored": "",
}
