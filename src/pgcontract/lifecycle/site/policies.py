"""A promised policy in words, where the contract says enough of it that they are true."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.policies import Command, Policy
from pgcontract.names import quote
from pgcontract.report.picture.parts import PolicyRow
from pgcontract.report.words.pieces import opened
from pgcontract.report.words.policies import in_words
from pgcontract.report.words.scanner import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.report.words.pieces import Words
    from pgcontract.verdict import Outcome

KIND = "PolicyPresent"


class PolicyWords(NamedTuple):
    """What a policy lets whom do, and its SQL, clause by clause."""

    name: str
    command: str
    words: Words
    clauses: tuple[tuple[str, str], ...]


def policy_words(outcome: Outcome) -> PolicyWords | None:
    """The policy that an outcome is about; None where it is about none, or leaves open what its words would say.

    Without a `WITH CHECK` the `USING` serves, in what is promised as in the database.
    """
    said = outcome.expectation
    if outcome.kind != KIND or outcome.relation is None or not _is_whole(said):
        return None
    policy = Policy(
        name=said["name"],
        command=said["command"],
        permissive=said["permissive"],
        roles=tuple(quote(role) if role != "PUBLIC" else role for role in said["roles"]),
        using=said.get("using"),
        with_check=said.get("with_check"),
    )
    using, check = (one_line(text) if text else None for text in (policy.using, policy.with_check))
    words = opened(in_words(policy, outcome.relation, _nothing_known()))
    row = PolicyRow(quote(policy.name), policy.command, policy.permissive, words, using, check, (), None)
    return PolicyWords(row.name, row.command, row.words, row.clauses)


def _is_whole(said: Mapping[str, Any]) -> bool:
    """Whether nothing is left open, and all is of the type that it should be: a saved report may hold anything."""
    roles, command = said.get("roles"), said.get("command")
    wanted = "with_check" if command == "INSERT" else "using"
    return (
        isinstance(said.get("name"), str)
        and isinstance(roles, list | tuple)
        and bool(roles)
        and all(isinstance(role, str) for role in roles)
        and command in get_args(Command)
        and isinstance(said.get("permissive"), bool)
        and isinstance(said.get(wanted), str)
        and isinstance(said.get("using"), str | None)
        and isinstance(said.get("with_check"), str | None)
    )


@cache
def _nothing_known() -> Catalog:
    """A database of which nothing is known: words then say no more than the policy does."""
    return Catalog(Server("", "", 0, "", ""))
