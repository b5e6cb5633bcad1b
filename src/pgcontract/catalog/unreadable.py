"""A catalog of which the connection's role may not read everything: whoever looks at what is missing is told so.

Some servers take `SELECT` on catalogs away from PUBLIC. Which of the reader's queries are refused is found out in one
exchange with `EXPLAIN ANALYZE`, which runs them and sends no rows: some of the server's own functions look at catalogs
only then. They are then left out, and what is made from their rows raises `UnreadableError` when it is looked at, so
that nothing else suffers.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NoReturn

from pgcontract.catalog.catalog import Catalog
from pgcontract.catalog.objects import Objects, UnreadableError
from pgcontract.catalog.sql import FOLLOW_UPS, NOUNS, query
from pgcontract.catalog.wire import exchange
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from pgcontract.catalog.relations import Relation

ESSENTIAL = "database"
"""The query that a catalog cannot do without."""

_INSUFFICIENT_PRIVILEGE = "42501"
_PARTS = ("columns", "constraints", "indexes", "policies", "triggers")

# Rows that are of no use without the rows of another query. A query stands here for its name in the reader, and so do
# the fields of a catalog and the parts of a relation that are made of its rows.
_NEEDED_BY = {
    "relations": ("constraints", "indexes", "policies", "triggers", "columns", "sequences"),
    "constraints": ("indexes",),  # which say what they serve
    "default_acls": ("relations", "sequences"),
    "extension_relations": ("relations", "sequences"),
    "columns": ("constraints", "indexes", "triggers", "sequences"),
    "column_types": ("columns", "sequences"),
    "column_collations": ("columns", "indexes"),
    "index_definitions": ("indexes",),
    "policy_expressions": ("policies",),
    "memberships": ("roles",),
    "policy_roles": ("policies",),
    "published_tables": ("publications",),
}


def refused(
    connection: psycopg.Connection[Any], version: int, begin: Sequence[str], end: Sequence[str]
) -> dict[str, UnreadableError]:
    """Why each query that the role may not run is refused, by its noun; `begin` and `end` are the transaction's."""
    nouns = (*NOUNS, *FOLLOW_UPS)
    tries = [["rollback to savepoint pgcontract_try", _explained(query(noun, version))] for noun in nouns]
    first = [*begin, "savepoint pgcontract_try", "select current_user::pg_catalog.text"]
    replies = exchange(connection, [first, *tries, end])
    user = replies[0].value or connection.info.user
    return {
        noun: UnreadableError(_why(noun, reply.error or "", query(noun, version), user))
        for noun, reply in zip(nouns, replies[1:-1], strict=True)
        if reply.sqlstate == _INSUFFICIENT_PRIVILEGE
    }


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


def lost(refusals: Mapping[str, UnreadableError]) -> dict[str, UnreadableError]:
    """The refused queries, and those whose rows are of no use without them, each with the reason."""
    found = dict(refusals)
    waiting = list(found)
    while waiting:
        noun = waiting.pop()
        for dependent in _NEEDED_BY.get(noun, ()):
            if dependent not in found:
                found[dependent] = found[noun]
                waiting.append(dependent)
    return found


def without(catalog: Catalog, missing: Mapping[str, UnreadableError]) -> Catalog:
    """The catalog, in which whatever is made from the missing rows raises its reason when it is looked at."""
    if not missing:
        return catalog
    own = [field.name for field in fields(Catalog) if field.name in missing]
    hidden: dict[str, Any] = {name: _hidden(missing[name]) for name in own}
    parts = {part: missing[part] for part in _PARTS if part in missing}
    if parts and "relations" not in missing:
        hidden["relations"] = {name: _stripped(relation, parts) for name, relation in catalog.relations.items()}
    return replace(catalog, **hidden, unreadable=dict(missing))


def _stripped(relation: Relation, parts: Mapping[str, UnreadableError]) -> Relation:
    hidden: dict[str, Any] = {part: _hidden(why) for part, why in parts.items()}
    return replace(relation, **hidden)


def _hidden(why: UnreadableError) -> Objects[Any]:
    def refuse() -> NoReturn:
        raise UnreadableError(str(why))

    return Objects("", refuse)
