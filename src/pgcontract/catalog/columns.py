"""Columns, as pg_attribute and pg_attrdef have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.privileges import grants_of

if TYPE_CHECKING:
    from pgcontract.catalog.lookups import Lookups
    from pgcontract.catalog.privileges import Grant

Identity = Literal["ALWAYS", "BY DEFAULT"]
Generated = Literal["STORED", "VIRTUAL"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a relation.

    Attributes:
        name: Its name, unquoted.
        position: Its place among the live columns, from 1.
        type: Its type as `format_type` prints it with an empty `search_path`.
        not_null: Whether it refuses NULL.
        default: Its default expression as Postgres deparses it; None for none, and for generated columns.
        identity: `ALWAYS` or `BY DEFAULT` for an identity column.
        generated: `STORED` or `VIRTUAL` for a generated column.
        expression: A generated column's expression.
        collation: Its collation, qualified, where it is not the type's own.
        grants: Column grants; the relation's grants are not repeated here.
    """

    name: str
    position: int
    type: str
    not_null: bool = False
    default: str | None = None
    identity: Identity | None = None
    generated: Generated | None = None
    expression: str | None = None
    collation: str | None = None
    grants: tuple[Grant, ...] = ()
    comment: str | None = None


def from_row(row: tuple[Any, ...], position: int, expression: str | None, known: Lookups) -> Column:
    """The record that a row of `sql/columns.sql` makes, with the expression of its default."""
    relation, number, name, type_, modifier, collation, not_null, identity, generated, acl = row
    kind, own_collation = known.types[type_, modifier]
    other = None if collation == own_collation else known.collations.get(collation)
    column = _plain(name, position, kind, not_null, identity, generated, expression, other)
    comment = known.comments.get(("relation", relation, number)) if known.comments else None
    if acl or comment:
        return replace(column, grants=grants_of(tuple(acl or ())), comment=comment)
    return column


@lru_cache(maxsize=4096)
def _plain(  # noqa: PLR0913, PLR0917 - a column's properties
    name: str,
    position: int,
    kind: str,
    not_null: bool,  # noqa: FBT001
    identity: str,
    generated: str,
    expression: str | None,
    collation: str | None,
) -> Column:
    """A column without grants and comment: one record for all that are alike, as `id` and `created_at` often are."""
    return Column(
        name=name,
        position=position,
        type=kind,
        not_null=not_null,
        default=None if generated else expression,
        identity="ALWAYS" if identity == "a" else "BY DEFAULT" if identity == "d" else None,
        generated="STORED" if generated == "s" else "VIRTUAL" if generated == "v" else None,
        expression=expression if generated else None,
        collation=collation,
    )
