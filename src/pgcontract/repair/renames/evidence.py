"""What tells that a thing had another name: names that Postgres gave after that one, and that stayed.

It matters where rows are, and numbers that are counted: a column, table or sequence that only looks like the one that
is missing may hold something else, and what it holds would be read as what it is not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.catalog.uses import uses
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.columns import ColumnDefault
from pgcontract.expectations.constraints import UniqueConstraint
from pgcontract.expectations.indexes import IndexesAre, IndexPresent
from pgcontract.expectations.partitions import PartitionOf
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.repair.renames.pairs import Pair
    from pgcontract.repair.said import Said

_HOLDING = frozenset({"table", "column", "sequence"})


def proof(catalog: Catalog, said: Said, pair: Pair) -> str | None:
    """Why it is sure that the two are one, as half a sentence; None where that is only likely."""
    if pair.noun not in _HOLDING:
        return "all that the contract says of it is so, but for the name"
    if pair.noun == "sequence":
        return _of_sequence(catalog, said, pair)
    return _of_column(catalog, pair) if pair.of is not None else _of_table(catalog, said, pair)


def _of_table(catalog: Catalog, said: Said, pair: Pair) -> str | None:
    """A bound that only one partition can have, or the name of an index, of which there is one in a schema."""
    if any(each.bound for each in said.of(PartitionOf, "partition", pair.new)):
        return "it holds the rows that the contract says"
    relation, own = catalog.relations[pair.old], split(pair.new)[1]
    stated = set(_indexes(said, pair.new)) | {f"{own}_pkey"}
    for name in (*relation.indexes, *relation.constraints):
        after_it = name.startswith(f"{own}_") and not split(pair.old)[1].startswith(own)
        if (name in stated and name in relation.indexes) or after_it:
            return f"it has its columns, and {quote(name)} is still its"
    return None


def _indexes(said: Said, table: str) -> Iterator[str]:
    """The names of indexes that the contract gives the table."""
    for closed in said.of(IndexesAre, "table", table):
        yield from closed.indexes
    yield from filter(None, (each.name for each in said.of(IndexPresent, "table", table)))
    yield from filter(None, (each.name for each in said.of(UniqueConstraint, "table", table)))
    for each in said.of(ObjectsAre, "of", table, noun="constraint"):
        yield from each.names


def _of_column(catalog: Catalog, pair: Pair) -> str | None:
    """A key, an index or a sequence of the column that is called after it."""
    relation = catalog.relations[pair.of or ""]
    named = [each.name for each in relation.constraints.values() if pair.old in each.columns]
    named += [
        index.name
        for index in relation.indexes.values()
        if any(pair.old in name for key in index.columns for name in uses(key).names)
    ]
    owned = f"{pair.of}.{quote(pair.old)}"
    named += [split(name)[1] for name, each in catalog.sequences.items() if each.owned_by == owned]
    for name in named:
        if _called_after(name, pair.new) and not _called_after(name, pair.old):
            return f"it is of the same type, and {quote(name)} is still on it"
    return None


def _called_after(name: str, word: str) -> bool:
    return re.search(rf"(?:^|_){re.escape(word)}(?:_|$)", name) is not None


def _of_sequence(catalog: Catalog, said: Said, pair: Pair) -> str | None:
    """The column that it belongs to, or that draws from it, where the contract says the same of the missing one."""
    owner = catalog.sequences[pair.old].owned_by
    if owner is not None:
        return f"it counts as the contract says, and belongs to {owner}"
    own = split(pair.new)[1]
    for default in said.all(ColumnDefault):
        relation = catalog.relations.get(default.table)
        column = None if relation is None else relation.columns.get(default.column)
        if column is None or not _draws(column.default, split(pair.old)[1]):
            continue
        if _draws(default.default, own):
            return f"it counts as the contract says, and {default.table}.{quote(default.column)} draws from it"
    return None


def _draws(text: str | None, sequence: str) -> bool:
    strings = uses(text).strings if text else ()
    return any(string.replace('"', "").rpartition(".")[2] == sequence.replace('"', "") for string in strings)
