from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import Advice
from pgcontract.names import quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class ForeignKeysIndexed(Advice):
    """Every foreign key has an index to find its rows by.

    Without one, each delete of a referenced row, and each update of its key, reads the whole table. An index serves
    that begins with the key's columns, in any order, and is not partial. Splinter's lint 0001. It looks at every
    schema but the platform's.

    Example:
        ForeignKeysIndexed()

    Repair: create it, `CONCURRENTLY` where the table is in use.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.tables():
            for key in table.having("FOREIGN KEY"):
                if not table.is_partition and not _indexed(table, key):
                    columns = ", ".join(map(quote, key.columns))
                    yield Finding(
                        f"foreign key {quote(key.name)} of {table.name} has no index on ({columns})",
                        expected=f"an index on ({columns})",
                        observed="none",
                        object=f"{table.name}.{quote(key.name)}",
                        repair=(Repair(_create(table, key), "blocks writes"),),
                    )


def _create(table: Relation, key: Constraint) -> str:
    """`IF NOT EXISTS` needs a name; the server cuts off what is longer than it keeps."""
    name = "_".join([split(table.name)[-1], *key.columns, "idx"]).encode()[:_LONGEST].decode(errors="ignore")
    columns = ", ".join(map(quote, key.columns))
    return f"create index if not exists {quote(name)} on {table.name} ({columns});"


_LONGEST = 63


def _indexed(table: Relation, key: Constraint) -> bool:
    wanted = set(map(quote, key.columns))
    return any(
        index.valid and index.predicate is None and wanted == {_bare(c) for c in islice(index.columns, len(wanted))}
        for index in table.indexes.values()
        if index.method in {"btree", "hash"}
    )


def _bare(column: str) -> str:
    """A key of an index without its order, which does not matter here."""
    for tail in (" NULLS FIRST", " NULLS LAST", " DESC"):
        column = column.removesuffix(tail)
    return column
