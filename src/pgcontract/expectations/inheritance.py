from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pgcontract.catalog.inheritance import ancestors, children
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Field, Relation, Relations
from pgcontract.expectations.compare import closed
from pgcontract.expectations.guarded import unless, where
from pgcontract.names import literal
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog


class InheritsFrom(CatalogExpectation):
    """{child} inherits from {parent}.

    At any depth, or at exactly the `depth` that is given: 1 is a parent, 2 a parent's parent. A partition inherits from
    its partitioned table.

    Example:
        InheritsFrom("invoices", "documents", depth=1)

    Repair: let it inherit; it needs the parent's columns and checks.
    """

    child: Relation
    parent: Relation
    depth: Annotated[int, Field(ge=1)] | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.relations[self.child]  # whichever is missing is its own failure
        catalog.relations[self.parent]
        found = ancestors(catalog.inheritance, self.child)
        at = f" at depth {self.depth}" if self.depth else ""
        if self.parent not in found or self.depth not in {None, found[self.parent]}:
            yield Finding(
                f"{self.child} does not inherit from {self.parent}{at}",
                expected=f"{self.parent}{at}",
                observed=", ".join(f"{name} at depth {depth}" for name, depth in found.items()) or None,
                object=self.child,
                repair=self._repair() if not found else (),
            )

    def _repair(self) -> tuple[Repair, ...]:
        sql = unless(f"alter table {self.child} inherit {self.parent};", _inherits(self.child, self.parent))
        return (Repair(sql),) if self.depth in {None, 1} else ()


def _inherits(child: str, parent: str) -> str:
    of_child = f"inhrelid = {literal(child)}::pg_catalog.regclass"
    return f"pg_catalog.pg_inherits where {of_child} and inhparent = {literal(parent)}::pg_catalog.regclass"


class NotInheritsFrom(CatalogExpectation):
    """{child} does not inherit from {parent}.

    Not at any depth: whoever may read a parent reads its children's rows with it, past the children's own policies.

    Example:
        NotInheritsFrom("salaries", "documents")

    Repair: let the child inherit no more; its columns and rows stay.
    """

    child: Relation
    parent: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.relations[self.child]
        found = ancestors(catalog.inheritance, self.child)
        if self.parent in found:
            sql = f"alter table {self.child} no inherit {self.parent};"
            direct = found[self.parent] == 1 and not catalog.relations[self.child].is_partition
            yield Finding(
                f"{self.child} inherits from {self.parent}, at depth {found[self.parent]}",
                expected=f"no {self.parent}",
                observed=", ".join(found),
                object=self.child,
                repair=(Repair(where(sql, _inherits(self.child, self.parent))),) if direct else (),
            )


class ParentsAre(CatalogExpectation):
    """{table} inherits from exactly {parents}.

    A closed world of the tables that it inherits from directly, in any order; a partition's is its partitioned table.
    An empty list says that it inherits from none: a query on another table never reads its rows.

    Example:
        ParentsAre("invoices", ["documents"])

    Repair: let it inherit from those that it should, and no more from those that it should not.
    """

    table: Relation
    parents: Relations

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        child = catalog.relations[self.table]
        there = catalog.inheritance[child.name].parents if child.name in catalog.inheritance else ()
        for finding in closed(("parent", "parents"), f"table {self.table}", self.parents, there):
            parent = finding.object or ""
            wanted, known = finding.observed is None, parent in catalog.relations
            verb, unless_there = ("inherit", unless) if wanted else ("no inherit", where)
            sql = unless_there(f"alter table {child.name} {verb} {parent};", _inherits(child.name, parent))
            after = _after(child.name, parent, self.parents) if wanted else ()
            yield replace(finding, repair=(Repair(sql), *after) if known and not child.is_partition else ())


def _after(child: str, parent: str, parents: Sequence[str]) -> Iterator[Repair]:
    """What puts the parents that stand after a new one behind it: Postgres adds a parent as the last."""
    of_child = f"{literal(child)}::pg_catalog.regclass"
    for later in parents[list(parents).index(parent) + 1 :]:
        before = (
            "pg_catalog.pg_inherits as i join pg_catalog.pg_inherits as j on j.inhrelid = i.inhrelid"
            f" where i.inhrelid = {of_child} and i.inhparent = pg_catalog.to_regclass({literal(later)})"
            f" and j.inhparent = {literal(parent)}::pg_catalog.regclass and i.inhseqno < j.inhseqno"
        )
        again = f"alter table {child} no inherit {later}; alter table {child} inherit {later};"
        yield Repair(where(again, before))


class ChildrenAre(CatalogExpectation):
    """{table} has exactly the children {children}.

    A closed world of the tables that inherit from it directly, and of its partitions: a query on the table reads them
    all. An empty list says that none does.

    Example:
        ChildrenAre("documents", ["invoices", "receipts"])

    Repair: let those inherit that should, and those no more that should not.
    """

    table: Relation
    children: Relations

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = catalog.relations[self.table].name
        observed = [child.name for child in children(catalog.inheritance, name)]
        yield from closed(("child", "children"), f"table {self.table}", self.children, observed)
