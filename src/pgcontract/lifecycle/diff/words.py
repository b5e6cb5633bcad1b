"""How differences speak of the fields of records: in Postgres's words, with values as SQL would have them.

A field that is not in the tables is called by its own name, with blanks: none can be forgotten.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

_WORDS: dict[str, dict[str, str]] = {
    "Relation": {"rls_enabled": "row-level security", "rls_forced": "FORCE row-level security"},
    "Column": {"not_null": "NOT NULL", "expression": "generation expression"},
    "Constraint": {
        "on_update": "ON UPDATE",
        "on_delete": "ON DELETE",
        "on_delete_columns": "columns that ON DELETE sets",
        "match": "MATCH",
        "no_inherit": "NO INHERIT",
        "deferred": "INITIALLY DEFERRED",
        "period": "WITHOUT OVERLAPS or PERIOD",
    },
    "Index": {
        "include": "INCLUDE",
        "nulls_not_distinct": "NULLS NOT DISTINCT",
        "predicate": "WHERE",
        "primary": "primary key",
    },
    "Policy": {"using": "USING", "with_check": "WITH CHECK", "permissive": "kind"},
    "Trigger": {
        "columns": "UPDATE OF",
        "when": "WHEN",
        "level": "FOR EACH",
        "deferred": "INITIALLY DEFERRED",
        "constraint": "constraint trigger",
        "old_table": "OLD TABLE",
        "new_table": "NEW TABLE",
    },
    "Function": {
        "security_definer": "security",
        "source": "body",
        "settings": "setting",
        "planner": "what the planner is told",
        "defaults": "defaults of arguments",
        "standard": "body in the SQL standard's form",
    },
    "View": {"check_option": "WITH CHECK OPTION"},
    "Type": {"not_null": "NOT NULL", "subtype_diff": "SUBTYPE_DIFF", "canonical_function": "CANONICAL"},
    "Role": {
        "superuser": "SUPERUSER",
        "inherit": "INHERIT",
        "login": "LOGIN",
        "create_role": "CREATEROLE",
        "create_database": "CREATEDB",
        "replication": "REPLICATION",
        "bypass_rls": "BYPASSRLS",
        "settings_here": "settings in this database",
    },
    "Sequence": {"owned_by": "OWNED BY"},
    "Inheritance": {"bound": "partition bound"},
    "Partitioning": {"strategy": "partitioning", "key": "partition key"},
    "ForeignTable": {"columns": "options of columns"},
    "ForeignServer": {"users": "user mappings"},
    "Server": {"character_type": "LC_CTYPE", "collation": "LC_COLLATE"},
    "PublishedTable": {"where": "WHERE"},
    "Publication": {"via_root": "publish_via_partition_root", "all_tables": "FOR ALL TABLES"},
}
_STATES: dict[tuple[str, str], tuple[str, str]] = {
    ("Relation", "rls_enabled"): ("enabled", "disabled"),
    ("Relation", "rls_forced"): ("forced", "not forced"),
    ("Policy", "permissive"): ("PERMISSIVE", "RESTRICTIVE"),
    ("Function", "security_definer"): ("DEFINER", "INVOKER"),
    ("Index", "valid"): ("valid", "invalid"),
    ("Constraint", "validated"): ("validated", "NOT VALID"),
    ("Constraint", "enforced"): ("ENFORCED", "NOT ENFORCED"),
    ("Subscription", "enabled"): ("enabled", "disabled"),
}


@cache
def property_of(record: str, field: str) -> str:
    """What a field of a record's class is called.

    >>> property_of("Policy", "with_check"), property_of("Index", "method")
    ('WITH CHECK', 'method')
    """
    return _WORDS.get(record, {}).get(field, field.replace("_", " "))


def value_text(record: str, field: str, value: Any) -> str | None:
    """A field's value as text; None for nothing.

    >>> value_text("Relation", "rls_enabled", True), value_text("Trigger", "events", ("INSERT", "UPDATE"))
    ('enabled', 'INSERT, UPDATE')
    """
    if isinstance(value, bool):
        return _STATES.get((record, field), ("yes", "no"))[not value]
    return plain(value)


def plain(value: Any) -> str | None:
    """A value as text: lists between commas, records by their parts."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(plain(item) or "" for item in value) if value else None
    return _record(value) if is_dataclass(value) else str(value)


_OPTIONS = ("INHERIT", "SET", "ADMIN")


def _record(value: Any) -> str:
    kind = type(value).__name__
    if kind == "Argument":
        mode = "" if value.mode == "in" else f"{value.mode} "
        return " ".join(filter(None, (f"{mode}{value.name or ''}".strip(), value.type, "default" * value.default)))
    if kind in {"UserMapping", "ColumnOptions"}:
        who = value.role if kind == "UserMapping" else value.column
        return f"{who}: {', '.join(value.options)}" if value.options else who
    if kind == "Membership":
        return ", ".join(f"{word} {'TRUE' if getattr(value, word.lower()) else 'FALSE'}" for word in _OPTIONS)
    if kind == "TokenMapping":
        return f"{value.token}: {' '.join(value.dictionaries)}"
    said = (plain(getattr(value, field.name)) for field in fields(value) if field.name != "comment")
    return " ".join(filter(None, said))
