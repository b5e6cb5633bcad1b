"""Languages that functions are written in, as pg_language has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import grants_of
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.privileges import Grant


@dataclass(frozen=True, slots=True)
class Language:
    """A language.

    Attributes:
        trusted: Whether anybody who may use it may write functions in it, and not superusers alone.
        procedural: Whether it was installed; `internal`, `c` and `sql` are always there.
    """

    name: str
    trusted: bool
    procedural: bool
    owner: str
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> Language:
    """The record that a row of `sql/languages.sql` makes."""
    name, trusted, procedural, owner, acl, extension, comment = row
    return Language(name, trusted, procedural, owner, grants_of(tuple(acl)), extension, comment)
