"""Privileges: the granted ones, decoded from access control lists, and the effective ones of a role.

Source of the rules: the PostgreSQL documentation, chapters "Privileges" and "Role Membership".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLIC = "PUBLIC"
"""How the grantee that stands for everybody is written."""

_LETTERS = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "s": "SET",
    "A": "ALTER SYSTEM",
}
PRIVILEGES = frozenset(_LETTERS.values())
"""Every privilege that Postgres knows, in its own words."""

_ITEM = re.compile(r'(?P<grantee>"(?:[^"]|"")*"|[^"=]*)=(?P<letters>[a-zA-Z*]*)/(?P<grantor>"(?:[^"]|"")*"|[^"]*)')


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One privilege that one role gave another; the grantee `PUBLIC` is everybody."""

    grantee: str
    privilege: str
    grantable: bool
    grantor: str


@lru_cache(maxsize=4096)
def grants_of(acl: tuple[str, ...]) -> tuple[Grant, ...]:
    """The grants that an access control list holds, given as Postgres prints its items.

    >>> grants_of(("=r/owner", "ann=ar*/owner"))[-1]
    Grant(grantee='ann', privilege='SELECT', grantable=True, grantor='owner')
    """
    return tuple(sorted(grant for item in acl for grant in _item(item)))


def _item(item: str) -> Iterable[Grant]:
    found = _ITEM.fullmatch(item)
    if found is None:
        raise ValueError(f"not an access control item: {item!r}")
    grantee, grantor = _unquote(found["grantee"]) or PUBLIC, _unquote(found["grantor"])
    for letter in re.finditer(r"([a-zA-Z])(\*?)", found["letters"]):
        yield Grant(grantee, _LETTERS.get(letter[1], letter[1]), letter[2] == "*", grantor)


def _unquote(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def held(grants: Iterable[Grant], roles: frozenset[str]) -> frozenset[str]:
    """The privileges that the grants give to any of the roles or to everybody."""
    return frozenset(grant.privilege for grant in grants if grant.grantee in roles or grant.grantee == PUBLIC)
