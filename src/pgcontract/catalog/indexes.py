"""Indexes, as pg_index has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.follow_ups import numbers
from pgcontract.catalog.lexis import between, pieces
from pgcontract.making import maker
from pgcontract.names import quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.lookups import Lookups


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table or materialised view.

    Attributes:
        name: Its name, unquoted; an index is in its table's schema.
        method: The access method: `btree`, `gin`, `hnsw`, ….
        columns: Its key columns and expressions as Postgres deparses them, each with its collation, operator class
            and order where these are not the default: `created_at DESC`, `lower(email)`.
        include: The columns that are stored but not searched.
        unique: Whether it refuses duplicates.
        primary: Whether it is the primary key's.
        nulls_not_distinct: Whether two NULLs are duplicates.
        predicate: A partial index's predicate.
        valid: False while a concurrent build is unfinished or has failed.
        constraint: The name of the constraint that it serves, or None.
        options: Storage parameters, as `name=value`, sorted: the order in which they were set means nothing.
    """

    name: str
    method: str
    columns: tuple[str, ...]
    include: tuple[str, ...] = ()
    unique: bool = False
    primary: bool = False
    nulls_not_distinct: bool = False
    predicate: str | None = None
    valid: bool = True
    constraint: str | None = None
    options: tuple[str, ...] = ()
    comment: str | None = None

    def __str__(self) -> str:
        unique = "unique " if self.unique else ""
        include = f" include ({', '.join(self.include)})" if self.include else ""
        where = f" where {self.predicate}" if self.predicate else ""
        nulls = " nulls not distinct" if self.nulls_not_distinct else ""
        return f"{unique}{self.method} ({', '.join(self.columns)}){include}{nulls}{where}"


_index = maker(Index)

# pg_index.indoption's bits
_DESC, _NULLS_FIRST = 1, 2


def keys_of(definition: str) -> tuple[str, ...]:
    """The keys that an index's whole definition holds, as `pg_get_indexdef` prints it."""
    return tuple(pieces(between(definition, "USING")))


def other_keys(catalog: Catalog, relation: str) -> Iterator[str]:
    """What is written as an index's keys are: by what a relation is partitioned, and what statistics are about."""
    if relation in catalog.partitions:
        yield from catalog.partitions[relation].key
    for statistics in catalog.statistics.values():
        if statistics.table == relation:
            yield from statistics.expressions


def _plain(column: str, option: int) -> str:
    """A column and its order, as `pg_get_indexdef` prints them."""
    if not option:
        return quote(column)
    descending, nulls_first = bool(option & _DESC), bool(option & _NULLS_FIRST)
    text = quote(column) + (" DESC" if descending else "")
    if descending != nulls_first:
        text += " NULLS FIRST" if nulls_first else " NULLS LAST"
    return text


def from_row(row: tuple[Any, ...], names: Mapping[int, str], known: Lookups) -> Index:
    """The record that a row of `sql/indexes.sql` makes."""
    _, own, unique, primary, valid, nulls, count, columns, options, _, _, predicate = row
    _, _, name, _, _, _, _, _, storage, _, _, method = known.classes[own]
    keys, definition = numbers(columns), known.definitions.get(own)
    return _index(
        name=name,
        method=method,
        columns=keys_of(definition) if definition else _plain_keys(keys, numbers(options), names),
        include=tuple([names[number] for number in keys[count:]]),
        unique=unique,
        primary=primary,
        nulls_not_distinct=nulls,
        predicate=predicate,
        valid=valid,
        constraint=known.served.get(own),
        options=tuple(sorted(storage)) if storage else (),
        comment=known.comments.get(("relation", own, 0)) if known.comments else None,
    )


def _plain_keys(keys: tuple[int, ...], options: tuple[int, ...], names: Mapping[int, str]) -> tuple[str, ...]:
    """The keys of columns alone; there is an option for each key, and none for what is only stored."""
    return tuple([_plain(names[key], option) for key, option in zip(keys, options, strict=False) if key])
