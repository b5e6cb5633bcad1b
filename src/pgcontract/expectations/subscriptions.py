from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Identifiers
from pgcontract.expectations.compare import differs
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class SubscriptionPresent(CatalogExpectation):
    """There is a subscription {name}.

    It subscribes to the `publications` that are given (exactly these), and is enabled, unless `enabled` is false: then
    it must not be. `slot` is the replication slot that it reads from. Its connection is never read, for that holds a
    password.

    Example:
        SubscriptionPresent("from_warehouse", publications=["prices"])

    Repair: enable it, or set its publications.
    """

    name: Identifier
    publications: Identifiers | None = None
    enabled: bool = True
    slot: str | None = None

    states: ClassVar[str] = "subscription"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        of = f"subscription {quote(self.name)}"
        if self.name not in catalog.subscriptions:
            hint = perhaps(self.name, catalog.subscriptions)
            yield Finding(f"{of} does not exist", expected=self.name, object=self.name, hint=hint)
            return
        subscription = catalog.subscriptions[self.name]
        if self.publications is not None:
            expected = tuple(sorted(self.publications))
            # What is disabled has no connection by which to learn of the new tables.
            refresh = "" if subscription.enabled else " with (refresh = false)"
            sql = f"alter {of} set publication {', '.join(map(quote, expected))}{refresh};"
            repair = [Repair(sql)] if expected else []
            yield from differs(f"publications of {of}", expected, subscription.publications, repair=repair)
        if self.slot is not None:
            repair = [Repair(f"alter {of} set (slot_name = {literal(self.slot)});")]
            yield from differs(f"slot of {of}", self.slot, subscription.slot, repair=repair)
        states = {True: "enabled", False: "disabled"}
        change = Repair(f"alter {of} {'enable' if self.enabled else 'disable'};")
        yield from differs(f"state of {of}", states[self.enabled], states[subscription.enabled], repair=[change])
