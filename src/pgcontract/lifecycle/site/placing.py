"""What a promise is about, for a reader: a grant on a table belongs to the table, one on a function to the function."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from pgcontract.verdict import Outcome

RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})
_FUNCTIONS = frozenset({"function", "procedure", "aggregate", "routine"})


class About(NamedTuple):
    """A relation's canonical name, or a function's signature; neither for what is about something else."""

    relation: str | None = None
    function: str | None = None


def about(outcome: Outcome, relations: Collection[str]) -> About:
    """What an outcome is about.

    Args:
        outcome: The outcome.
        relations: The canonical names of the relations that the contract speaks of.
    """
    if outcome.relation is not None:
        return About(relation=outcome.relation)
    noun, name, of, function = map(outcome.expectation.get, ("noun", "name", "of", "function"))
    if isinstance(of, str) and of in relations:
        return About(relation=of)
    if isinstance(noun, str) and noun in RELATIONS:
        named = (each for each in (name, f"public.{name}") if isinstance(each, str) and each in relations)
        return About(relation=next(named, None))
    if isinstance(function, str) or (isinstance(noun, str) and noun in _FUNCTIONS):
        return About(function=outcome.subject)
    return About()
