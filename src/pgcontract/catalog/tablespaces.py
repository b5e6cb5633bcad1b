"""Tablespaces, as pg_tablespace has them; they belong to the whole cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import grants_of
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.privileges import Grant


@dataclass(frozen=True, slots=True)
class Tablespace:
    """A tablespace: a place on the server's disks. `pg_default` and `pg_global` are always there.

    Attributes:
        options: What `WITH` or `SET` has set, as `name=value`.
    """

    name: str
    owner: str
    options: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> Tablespace:
    """The record that a row of `sql/tablespaces.sql` makes."""
    name, owner, options, acl, comment = row
    return Tablespace(name, owner, tuple(options or ()), grants_of(tuple(acl)), comment)
