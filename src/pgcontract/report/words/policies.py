"""Policies in words: whom each lets do what with which rows.

What a policy leaves out is not what it allows: a permissive policy without a `USING` condition lets nobody see a row.
Source: the PostgreSQL documentation, `CREATE POLICY`; src/backend/rewrite/rowsecurity.c; a test asks the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.report.words.conditions import condition
from pgcontract.report.words.pieces import Words, code, listed, say
from pgcontract.report.words.reading import read
from pgcontract.report.words.tree import Literal
from pgcontract.report.words.values import Sight

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.policies import Policy

_VERBS = {
    "SELECT": "read",
    "INSERT": "add",
    "UPDATE": "change",
    "DELETE": "delete",
    "ALL": "read, add, change and delete",
}
_SEEING = {**_VERBS, "ALL": "read, change and delete"}

READING = say(
    "How to read policies: a row is reached if one of the policies for the command lets it through and no restrictive "
    "policy holds it back. A policy helps only whoever has the grant too. What it looks up in other tables, it finds "
    "as far as the caller may read them. Superusers and roles with {} pass by.",
    code("BYPASSRLS"),
)
"""What has to be known about policies in general."""


def in_words(policy: Policy, relation: str, catalog: Catalog) -> Words:
    """What a policy lets whom do, as a sentence without its period.

    Args:
        policy: The policy.
        relation: The canonical name of its table.
        catalog: The database, which tells whether a column refuses NULL.
    """
    sight = Sight(catalog, relation)
    who = whom(policy.roles)
    if policy.command == "INSERT":
        return _sentence(who, "add", policy.with_check, policy, sight)
    after = policy.with_check if policy.command in {"ALL", "UPDATE"} else None
    if after is None or after == policy.using:
        said = _sentence(who, _VERBS[policy.command], policy.using, policy, sight)
        if policy.command == "UPDATE" and not _constant(policy.using):
            return say("{}, and must leave them so", said)
        return said
    said = _sentence(who, _SEEING[policy.command], policy.using, policy, sight)
    return say("{}; {}", said, _afterwards(policy, after, sight))


def whom(roles: tuple[str, ...]) -> Words:
    """The roles as a subject."""
    return say("everybody") if PUBLIC in roles or not roles else listed([code(role) for role in roles])


def _constant(expression: str | None) -> str | None:
    """`true` or `false` where the condition is no more than that; `null` where there is none."""
    if expression is None:
        return "null"
    node = read(expression)
    return node.sql if isinstance(node, Literal) else None


def _sentence(who: Words, verb: str, expression: str | None, policy: Policy, sight: Sight) -> Words:
    constant = _constant(expression)
    if not policy.permissive:
        return _restricted(who, verb, expression, constant, sight)
    if constant == "true":
        return say(f"{{}} may {verb} " + ("any row" if verb == "add" else "all rows"), who)
    if constant == "null":
        missing = "WITH CHECK" if policy.command == "INSERT" else "USING"
        return say(f"{{}} may {verb} no row by it, as it has no {missing} condition", who)
    if constant == "false":
        return say(f"{{}} may {verb} no row by it", who)
    return say(f"{{}} may {verb} rows where {{}}", who, condition(read(expression or ""), sight))


def _restricted(who: Words, verb: str, expression: str | None, constant: str | None, sight: Sight) -> Words:
    """What a restrictive policy leaves of what the permissive ones allow."""
    if constant in {"true", "null"}:
        return say(f"which rows {{}} may {verb} is not restricted by it", who)
    if constant == "false":
        return say(f"{{}} may {verb} no row, whatever other policies allow", who)
    said = condition(read(expression or ""), sight)
    return say(f"whatever other policies allow, {{}} may {verb} only rows where {{}}", who, said)


def _afterwards(policy: Policy, check: str, sight: Sight) -> Words:
    """What must be so of a row as it is written, where that is something else than of a row that is seen."""
    rows = "afterwards the row" if policy.command == "UPDATE" else "a row that is added or changed"
    constant = _constant(check)
    if constant == "true":
        return say(f"{rows} may be any" if policy.permissive else f"{rows} is not restricted by it")
    if constant == "false":
        return say(f"{rows} is refused")
    return say(f"{rows} must be one where {{}}", condition(read(check), sight))
