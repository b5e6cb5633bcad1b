"""A catalog of which the connection's role may not read everything: whoever looks at what is missing is told so.

Some servers take `SELECT` on catalogs away from PUBLIC. Which of the reader's queries are refused is found out with
`EXPLAIN ANALYZE`, which runs them and sends no rows: some of the server's own functions look at catalogs only then.
They are then left out, and what is made from their rows raises `UnreadableError` when it is looked at, so that nothing
else suffers. What many queries say beside their own matter, such as comments, is left out of all of them first.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pgcontract.catalog import concealed
from pgcontract.catalog.catalog import Catalog
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.sql import FOLLOW_UPS, NOUNS, beside, query
from pgcontract.catalog.wire import Reply, exchange
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import psycopg

    from pgcontract.catalog.relations import Relation

    Reasons = Mapping[str, UnreadableError]

ESSENTIAL = "database"
"""The query that a catalog cannot do without."""

_INSUFFICIENT_PRIVILEGE = "42501"
_PARTS = {
    "columns": "column",
    "constraints": "constraint",
    "indexes": "index",
    "policies": "policy",
    "triggers": "trigger",
}

# Records of which nothing can be made without the rows of a query: fields of a catalog, and parts of a relation.
_HIDES = {
    "relations": (*_PARTS, "sequences"),
    "default_acls": ("relations", *_PARTS, "sequences"),
    "columns": ("indexes",),  # whose keys are their names
    "column_types": ("columns",),
    "index_definitions": ("indexes",),
    "policy_expressions": ("policies",),
    "policy_roles": ("policies",),
}


def _always(_: Any) -> bool:
    return True


def _refers(constraint: Any) -> bool:
    return bool(constraint.kind == "FOREIGN KEY")


# What a query says of other records, all but the server: the records, the field, and of which of them it does.
_SAYS: tuple[tuple[str, str, str, Callable[[Any], Any]], ...] = (
    ("columns", "constraints", "columns", lambda constraint: constraint.kind != "CHECK"),
    ("columns", "constraints", "referenced_columns", _refers),
    ("columns", "constraints", "on_delete_columns", _refers),
    ("columns", "triggers", "columns", attrgetter("columns")),
    ("columns", "sequences", "owned_by", attrgetter("owned_by")),
    ("sequence_columns", "sequences", "owned_by", _always),
    ("column_defaults", "columns", "default", _always),
    ("column_defaults", "columns", "expression", _always),
    ("column_collations", "columns", "collation", _always),
    ("constraints", "indexes", "constraint", _always),
    ("access_methods", "indexes", "method", _always),
    ("memberships", "roles", "member_of", _always),
    ("published_tables", "publications", "published", _always),
    ("extension_members", "extensions", "others", _always),
    ("settings", "roles", "settings", _always),
    ("settings", "roles", "settings_here", _always),
    ("settings", "server", "settings", _always),
    *(("shared_comments", noun, "comment", _always) for noun in ("server", "roles", "tablespaces")),
)
_SHARED = frozenset({"server", "roles", "tablespaces"})


def refused(
    connection: psycopg.Connection[Any], version: int, begin: Sequence[str], end: Sequence[str]
) -> dict[str, UnreadableError]:
    """Why what the role may not read is refused, by the reader's query, or by what queries say beside their matter.

    `begin` and `end` are the transaction's.
    """
    first = [*begin, "savepoint pgcontract_try", "select current_user::pg_catalog.text"]
    said = list(beside.probes())
    user, found = _tried(connection, [first], said)
    unread = frozenset(found)
    queries = [(noun, query(noun, version, unread)) for noun in (*NOUNS, *FOLLOW_UPS)]
    _, more = _tried(connection, [], [(noun, _explained(statement)) for noun, statement in queries], end)
    statements = dict(reversed(said)) | dict(queries)
    return {
        what: UnreadableError(_why(what, reply.error or "", statements[what], user or connection.info.user))
        for what, reply in {**more, **found}.items()
    }


def _tried(
    connection: psycopg.Connection[Any],
    first: Sequence[Sequence[str]],
    statements: Iterable[tuple[str, str]],
    end: Sequence[str] = (),
) -> tuple[str | None, dict[str, Reply]]:
    """What the first group gives, and the replies that refuse a statement, by what it is for."""
    named = list(statements)
    groups = [["rollback to savepoint pgcontract_try", statement] for _, statement in named]
    replies = exchange(connection, [*first, *groups, *([end] if end else [])])
    answers = zip(named, replies[len(first) :], strict=False)
    refusals = {what: reply for (what, _), reply in answers if reply.sqlstate == _INSUFFICIENT_PRIVILEGE}
    return replies[0].value, refusals


def _explained(statement: str) -> str:
    """The query, to be explained: its parameters have types of their own, and may be anything."""
    return "explain (analyze, costs off, timing off) " + re.sub(r"\$\d+", "null", statement)


def _why(noun: str, message: str, statement: str, user: str) -> str:
    """What the server says, and the privilege that is missing: found by its name, for messages may be translated."""
    named = [name for name in re.findall(r"pg_catalog\.(\w+)", statement) if re.search(rf"\b{name}\b", message)]
    grant = ""
    if named:
        name = max(named, key=len)
        what = f"EXECUTE ON FUNCTION pg_catalog.{name}" if f"{name}(" in statement else f"SELECT ON pg_catalog.{name}"
        grant = f": grant {what} to {quote(user)}"
    return f"{noun.replace('_', ' ')} cannot be read: {message}{grant}"


def lost(refusals: Reasons) -> dict[str, UnreadableError]:
    """What is refused, and the records of which nothing can be made without it, each with the reason."""
    hidden = {noun: why for what, why in refusals.items() for noun in _HIDES.get(what, ())}
    return {**hidden, **refusals}


def left_out(refusals: Reasons) -> frozenset[str]:
    """What is not to be asked for: what is refused, and relations when none can be made."""
    return frozenset(refusals) | (lost(refusals).keys() & {"relations"})


def without(catalog: Catalog, refusals: Reasons) -> Catalog:
    """The catalog, in which whatever is made from refused rows raises its reason when it is looked at."""
    if not refusals:
        return catalog
    missing = lost(refusals)
    changed: dict[str, Any] = {"server": _part_of(catalog.server, "server", refusals)}
    for field in fields(Catalog):
        found = getattr(catalog, field.name)
        if field.name in missing:
            changed[field.name] = concealed.mapping(missing[field.name])
        elif field.name == "relations":
            changed["relations"] = concealed.records(found, lambda one: _relation(one, refusals))
        elif field.init and field.name not in {"server", "forms", "unreadable"}:
            changed[field.name] = _all_of(found, field.name, refusals)
    return replace(catalog, **changed, unreadable=missing)


def _relation(relation: Relation, refusals: Reasons) -> Relation:
    missing, parts = lost(refusals), dict[str, Any]()
    for part, singular in _PARTS.items():
        if part in missing:
            parts[part] = concealed.mapping(missing[part])
        else:
            parts[part] = _all_of(getattr(relation, part), part, refusals, (singular, relation.name))
    whole: Relation = _part_of(replace(relation, **parts), "relations", refusals)
    return whole


def _all_of(
    found: Mapping[str, Any], noun: str, refusals: Reasons, called: tuple[str, str | None] = ("", None)
) -> Mapping[str, Any]:
    """The records of a noun, with what each may not tell concealed."""
    return concealed.records(found, lambda one: _part_of(one, noun, refusals), *called)


def _part_of(one: Any, noun: str, refusals: Reasons) -> Any:
    """A record, with what it may not tell concealed."""
    reasons = {}
    if "extension_relations" in refusals:
        reasons["extension"] = refusals["extension_relations"]
    if "comments" in refusals and noun not in _SHARED:
        reasons["comment"] = refusals["comments"]
    for what, of, field, is_said in _SAYS:
        if of == noun and what in refusals and is_said(one):
            reasons[field] = refusals[what]
    return concealed.record(one, reasons)
