"""The positive control: whoever a row belongs to sees it. Where nobody does, a denial says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities
from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Inconclusive
from pgcontract.isolation.reads import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.prepared import Prepared
    from pgcontract.isolation.worlds import Builder


def control(search: Prepared, builder: Builder) -> Iterator[Inconclusive]:
    """What could not be told, one entry a table."""
    catalog = builder.catalog
    rightful = search.cast.rightful()
    for table in search.scope.tables:
        if table not in builder.ownership.owned:
            continue
        if not builder.worlds.of("B", table) and table not in builder.worlds.failures:
            if table not in builder.ownership.elevated:  # in which nobody of ours is meant to stand
                yield Inconclusive(table, "", "only triggers fill it, and no row that has come into it is known again")
            continue
        if table in builder.worlds.failures:
            yield Inconclusive(table, "", f"no row could be made: {builder.worlds.failures[table]}")
            continue
        relation = catalog.tables[table]
        if any(_sees(builder, principal, relation) for principal in rightful):
            continue
        if any(_let_in(catalog, principal, relation) for principal in rightful):
            yield Inconclusive(
                table,
                "",
                "not even those whom its rows belong to see them, so a denial says nothing; "
                "pin its owner with --owner or --tenant",
            )


def _sees(builder: Builder, principal: Principal, relation: Relation) -> bool:
    columns = readable(builder.catalog, principal.role, relation)
    if not columns:
        return False
    with builder.stage.acting(principal):
        for row in builder.worlds.of("B", relation.name):
            if not all(column in columns for column in row.key):
                continue
            answer = builder.stage.tried(f"select 1 from {relation.name} where {row.where}")
            if not isinstance(answer, Refused) and answer:
                return True
    return False


def _let_in(catalog: Catalog, principal: Principal, relation: Relation) -> bool:
    """Whether a policy lets a role read at all; where none does, nobody is meant to."""
    if not readable(catalog, principal.role, relation):
        return False
    if not relation.rls_enabled:
        return True
    roles = identities(catalog, principal.role) | {"PUBLIC"}
    return any(
        policy.permissive and policy.command in {"ALL", "SELECT"} and roles & set(policy.roles)
        for policy in relation.policies.values()
    )
