"""Sequences, as pg_sequence has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.names import qualified, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.lookups import Lookups
    from pgcontract.catalog.privileges import Grant


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence.

    Attributes:
        name: Its canonical qualified name.
        type: `smallint`, `integer` or `bigint`.
        owned_by: The column that it belongs to (`schema.table.column`), or None.
    """

    name: str
    owner: str
    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    owned_by: str | None = None
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None


def from_row(
    row: tuple[Any, ...], names: Mapping[int, str], attributes: Mapping[int, Mapping[int, str]], known: Lookups
) -> Sequence:
    """The record that a row of `sql/sequences.sql` makes."""
    own, kind, start, step, least, most, cache, cycle, oid, number = row
    _, schema, name, _, owner, *_, acl, _ = known.classes[own]
    owned = oid in names
    return Sequence(
        name=qualified(schema, name),
        owner=owner,
        type=kind,
        start=start,
        increment=step,
        minimum=least,
        maximum=most,
        cache=cache,
        cycle=cycle,
        owned_by=f"{names[oid]}.{quote(attributes[oid].get(number, ''))}" if owned else None,
        grants=known.grants("s", owner, acl),
        extension=known.extensions.get(own),
        comment=known.comments.get(("relation", own, 0)),
    )
