from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import model_validator

from pgcontract.catalog.storage import ReplicaIdentityKind, Storage
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Member, Relation
from pgcontract.expectations.compare import differs
from pgcontract.names import quote
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.verdict import Finding

Identities = Annotated[ReplicaIdentityKind, AnyCase(get_args(ReplicaIdentityKind))]


class Clustered(CatalogExpectation):
    """{table} is clustered on {index}.

    `CLUSTER` then takes that index; Postgres does not keep the order by itself. None says that it is on no index.

    Example:
        Clustered("invoices", "invoices_pkey")

    Repair: mark the index; `CLUSTER` then rewrites the table in its order.
    """

    table: Relation
    index: Member | None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.relations[self.table]
        if self.index is not None:
            relation.indexes[self.index]  # an index that is missing is its own failure
        observed = catalog.storage.get(self.table, Storage(self.table)).clustered_on
        change = "set without cluster" if self.index is None else f"cluster on {quote(self.index)}"
        repair = Repair(f"alter table {self.table} {change};", "blocks writes")
        yield from differs(f"clustering of {self.table}", self.index, observed, repair=[repair])


class ReplicaIdentity(CatalogExpectation):
    """The replica identity of {table} is {identity}.

    What an UPDATE or DELETE tells subscribers of the old row: the primary key (`DEFAULT`), all of it (`FULL`), the
    columns of an index (`INDEX`), or nothing, which makes both fail on a table that publishes them.

    Example:
        ReplicaIdentity("events", "FULL")

    Repair: set it; `FULL` writes all of each old row to the log.
    """

    table: Relation
    identity: Identities
    index: Member | None = None

    @model_validator(mode="after")
    def _possible(self) -> ReplicaIdentity:
        if self.index is not None and self.identity != "INDEX":
            raise ValueError(f"with {self.identity} there is no index to name")
        return self

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        storage = catalog.storage.get(catalog.tables[self.table].name, Storage(self.table))
        using = f"using index {quote(self.index)}" if self.index else self.identity.lower()
        repair = Repair(f"alter table {self.table} replica identity {using};", "blocks writes")
        possible = [repair] if self.identity != "INDEX" or self.index else []
        of = f"replica identity of {self.table}"
        if self.identity != storage.replica_identity or self.index is None:
            yield from differs(of, self.identity, storage.replica_identity, repair=possible)
        else:
            yield from differs(f"index of the {of}", self.index, storage.replica_index, repair=possible)
