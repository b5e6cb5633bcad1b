"""Subscriptions, as far as pg_subscription may be read: never the connection string."""

from __future__ import annotations

from typing import Any

from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of the database.

    Attributes:
        slot: The replication slot on the publisher, if there is one.
        publications: What it subscribes to, in the order of their names.
    """

    name: str
    owner: str
    enabled: bool
    slot: str | None = None
    publications: tuple[str, ...] = ()
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> Subscription:
    """The record that a row of `sql/subscriptions.sql` makes."""
    name, owner, enabled, slot, publications, comment = row
    return Subscription(name, owner, enabled, slot, tuple(sorted(publications)), comment)
