from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import Advice
from pgcontract.names import qualified, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope


class IndexesNotDuplicate(Advice):
    """No index of a table does what another one does already.

    Each index is written at every insert. Two are alike when method, columns, order, included columns and
    predicate are; one that is also unique makes a plain one superfluous. Splinter's lint 0009.

    Example:
        IndexesNotDuplicate()

    Repair: drop the one that no constraint needs.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.relations("table", "partitioned table", "materialized view"):
            dropped: set[str] = set()
            for pair in combinations([index for index in table.indexes.values() if index.valid], 2):
                spare = None if table.is_partition else _spare(scope, table, *pair)
                if spare is None or spare.name in dropped or dropped & {index.name for index in pair}:
                    continue
                dropped.add(spare.name)
                kept = next(index for index in pair if index is not spare)
                schema = split(table.name)[0]
                yield Finding(
                    f"index {quote(spare.name)} of {table.name} does what {quote(kept.name)} does",
                    expected="no other index that is alike",
                    observed=str(spare),
                    object=qualified(schema, spare.name),
                    repair=(Repair(f"drop index if exists {qualified(schema, spare.name)};", "blocks writes"),),
                )


def _spare(scope: Scope, table: Relation, one: Index, other: Index) -> Index | None:
    """Which of two indexes that are alike is not needed; None where both are."""
    if _shape(one) != _shape(other):
        return None
    storage = scope.catalog.storage.get(table.name)
    held = {storage.replica_index, storage.clustered_on} if storage else set()
    for spare, kept in ((other, one), (one, other)):
        free = spare.constraint is None and not spare.primary and spare.name not in held
        unique = not spare.unique or (kept.unique and kept.nulls_not_distinct == spare.nulls_not_distinct)
        if free and unique:
            return spare
    return None


def _shape(index: Index) -> tuple[object, ...]:
    return index.method, index.columns, sorted(index.include), index.predicate
