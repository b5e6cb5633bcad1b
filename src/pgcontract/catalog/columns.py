"""Columns, as pg_attribute and pg_attrdef have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.privileges import grants_of
from pgcontract.making import maker
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        stored: How it is stored and what the planner gathers of it, as far as that is not as usual: `storage=external`,
            `compression=lz4`, `statistics=500`, `n_distinct=-0.5`.
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
    stored: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    comment: str | None = None

    @property
    def sampled(self) -> tuple[str, ...]:
        """What stays of `stored` when the column's type is set, by which it is stored as that type is."""
        return tuple(each for each in self.stored if not each.startswith(("storage=", "compression=")))


_column = maker(Column)
_IDENTITIES: dict[str, Identity] = {"a": "ALWAYS", "d": "BY DEFAULT"}
_GENERATED: dict[str, Generated] = {"s": "STORED", "v": "VIRTUAL"}


def from_row(row: tuple[Any, ...], position: int, expression: str | None, known: Lookups) -> Column:
    """The record that a row of `sql/columns.sql` makes, with the expression of its default."""
    relation, number, name, type_, modifier, collation, not_null, acl, special = row
    kind, own_collation, own_storage, stored = known.types[type_, modifier]
    identity: Identity | None = None
    generated: Generated | None = None
    if special is not None:
        letter, *more = special.split(",")
        identity, generated = _IDENTITIES.get(letter), _GENERATED.get(letter)
        if more:
            storage, compression, target, *options = more
            stored = tuple(_stored(storage, compression, target, options, own_storage))
    return _column(
        name=name,
        position=position,
        type=kind,
        not_null=not_null,
        default=None if generated else expression,
        identity=identity,
        generated=generated,
        expression=expression if generated else None,
        collation=None if collation == own_collation else known.collations.get(collation),
        stored=stored,
        grants=grants_of(tuple(acl)) if acl else (),
        comment=known.comments.get(("relation", relation, number)) if known.comments else None,
    )


STORAGES = {"p": "plain", "m": "main", "e": "external", "x": "extended"}
"""By their letters in the catalogs."""

_COMPRESSIONS = {"p": "pglz", "l": "lz4"}


def _stored(storage: str, compression: str, target: str, options: Sequence[str], own: str) -> Iterator[str]:
    """What is out of the ordinary; `own` is the storage that the type has."""
    if storage != own:
        yield f"storage={STORAGES[storage]}"
    if compression:
        yield f"compression={_COMPRESSIONS[compression]}"
    if target not in {"", "-1"}:
        yield f"statistics={target}"
    yield from sorted(options)
