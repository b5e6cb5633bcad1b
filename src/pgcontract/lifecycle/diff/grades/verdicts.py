"""What a grading table holds: a grade with its reason, or a function that decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pgcontract.catalog.privileges import PUBLIC

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.difference import Grade
    from pgcontract.lifecycle.diff.change import Change


class Verdict(NamedTuple):
    """A grade, and the reason in words: lower case, no period at the end."""

    grade: Grade
    reason: str


Rule: TypeAlias = "Verdict | Callable[[Change], Verdict]"
Table: TypeAlias = Mapping[str, Rule]
"""What is decided for each field of a record, and for `added` and `dropped`."""


def safe(reason: str) -> Verdict:
    """Whatever worked still works, and nobody may do more."""
    return Verdict("safe", reason)


def review(reason: str) -> Verdict:
    """It may matter; only people can tell."""
    return Verdict("needs review", reason)


def breaking(reason: str) -> Verdict:
    """Something that worked is refused, or gone."""
    return Verdict("breaking", reason)


def dangerous(reason: str) -> Verdict:
    """Somebody may see or do what was refused."""
    return Verdict("dangerous", reason)


def flag(gained: Verdict, lost: Verdict) -> Rule:
    """One verdict where a flag is set on the right, another where it is no more."""
    return lambda change: gained if change.right else lost


def present(gained: Verdict, changed: Verdict, lost: Verdict) -> Rule:
    """A verdict each for what only the right has, what both have otherwise, and what only the left has."""

    def decided(change: Change) -> Verdict:
        if change.left in (None, ()):
            return gained
        return lost if change.right in (None, ()) else changed

    return decided


_API = frozenset({PUBLIC, "anon", "authenticated", "web_anon"})


def exposed(catalog: Catalog, grantee: str) -> bool:
    """Whether whoever sends requests may come in as a role.

    Everybody, the roles of Supabase and PostgREST by their names, and any other role that a login role without rights
    of its own (NOINHERIT) is a member of, for that is how an API switches between roles.
    """
    if grantee in _API:
        return True
    role = catalog.roles.get(grantee)
    if role is None or role.superuser or role.bypass_rls:
        return False
    return any(
        member.login and not member.inherit and any(each.role == grantee for each in member.member_of)
        for member in catalog.roles.values()
    )
