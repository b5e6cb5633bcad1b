from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

from pgcontract.catalog.bound_forms import BoundForm
from pgcontract.catalog.forms import Form, IndexKeyForm
from pgcontract.catalog.inheritance import children
from pgcontract.catalog.partitions import Strategy
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Relation, Relations, Sql, Texts
from pgcontract.expectations.compare import closed, differs
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

Strategies = Annotated[Strategy, AnyCase(get_args(Strategy))]


def not_partitioned(table: str) -> Finding:
    """The finding on a table that is not partitioned where it should be."""
    return Finding(f"{table} is not partitioned", expected="partitioned table", observed="table", object=table)


class PartitionedBy(CatalogExpectation):
    """The table {table} is partitioned.

    What is given is compared: the strategy, and the key, whose columns and expressions are compared as Postgres itself
    would store them.

    Example:
        PartitionedBy("events", "RANGE", "created_at")

    Repair: a table cannot be partitioned afterwards: make a partitioned one, and move the rows.
    """

    table: Relation
    strategy: Strategies | None = None
    key: Texts | None = None

    def forms(self) -> Iterable[Form]:
        method = "hash" if self.strategy == "HASH" else "btree"
        return (IndexKeyForm(key, self.table, method) for key in self.key or ())

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if catalog.tables[self.table].kind != "partitioned table":
            yield not_partitioned(self.table)
            return
        partitioning = catalog.partitions[self.table]
        if self.strategy is not None:
            yield from differs(f"partition strategy of {self.table}", self.strategy, partitioning.strategy)
        if self.key is not None:
            expected = tuple(map(catalog.own_form, self.forms()))
            yield from differs(f"partition key of {self.table}", expected, partitioning.key)


class PartitionOf(CatalogExpectation):
    """{partition} is a partition of {parent}.

    The `bound` is compared as Postgres itself would store it: `FOR VALUES FROM (…) TO (…)`, `FOR VALUES IN (…)`, `FOR
    VALUES WITH (MODULUS 4, REMAINDER 0)`, `DEFAULT`. No function may be called in it, for Postgres would run it.

    Example:
        PartitionOf("events_2025", "events", "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")

    Repair: attach it; Postgres then reads all of its rows, to see that they belong there.
    """

    partition: Relation
    parent: Relation
    bound: Sql | None = None

    def forms(self) -> Iterable[Form]:
        if self.bound is not None:
            yield BoundForm(self.bound.strip(), self.parent, self.partition)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        of = catalog.inheritance.get(self.partition) if catalog.relations[self.partition].is_partition else None
        catalog.tables[self.parent]  # a parent that is missing is its own failure
        if of is None or of.parents != (self.parent,):
            yield Finding(
                f"{self.partition} is no partition of {self.parent}",
                expected=self.parent,
                observed=None if of is None else ", ".join(of.parents),
                object=self.partition,
            )
            return
        for form in self.forms():
            yield from differs(f"bound of {self.partition}", catalog.own_form(form), of.bound)


class PartitionsAre(CatalogExpectation):
    """{table} has exactly the partitions {partitions}.

    A closed world: a partition is a table of its own, with grants and policies of its own. Those of partitions that are
    partitioned again are theirs.

    Example:
        PartitionsAre("events", ["events_2025", "events_2026"])

    Repair: attach what is missing; detach or drop what is not wanted.
    """

    table: Relation
    partitions: Relations

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if catalog.tables[self.table].kind != "partitioned table":
            yield not_partitioned(self.table)
            return
        observed = [child.name for child in children(catalog.inheritance, self.table)]
        yield from closed(("partition", "partitions"), f"table {self.table}", self.partitions, observed)
