"""Schemas, as pg_namespace has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import grants_of
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.privileges import Grant


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema that is not one of the system's."""

    name: str
    owner: str
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> Schema:
    """The record that a row of `sql/schemas.sql` makes."""
    name, owner, acl, extension, comment = row
    return Schema(name, owner, grants_of(tuple(acl)), extension, comment)
