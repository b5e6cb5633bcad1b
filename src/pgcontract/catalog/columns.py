"""Columns, as pg_attribute and pg_attrdef have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.privileges import grants_of
from pgcontract.making import maker

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


_column = maker(Column)
_IDENTITIES: dict[str, Identity] = {"a": "ALWAYS", "d": "BY DEFAULT"}
_GENERATED: dict[str, Generated] = {"s": "STORED", "v": "VIRTUAL"}


def from_row(row: tuple[Any, ...], position: int, expression: str | None, known: Lookups) -> Column:
    """The record that a row of `sql/columns.sql` makes, with the expression of its default."""
    relation, number, name, type_, modifier, collation, not_null, identity, generated, acl = row
    kind, own_collation = known.types[type_, modifier]
    return _column(
        name=name,
        position=position,
        type=kind,
        not_null=not_null,
        default=None if generated else expression,
        identity=_IDENTITIES.get(identity),
        generated=_GENERATED.get(generated),
        expression=expression if generated else None,
        collation=None if collation == own_collation else known.collations.get(collation),
        grants=grants_of(tuple(acl)) if acl else (),
        comment=known.comments.get(("relation", relation, number)) if known.comments else None,
    )
