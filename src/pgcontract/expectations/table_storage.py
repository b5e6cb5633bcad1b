from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Relation, Texts
from pgcontract.expectations.compare import differs
from pgcontract.names import literal
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.verdict import Finding

Persistences = Annotated[Literal["permanent", "unlogged"], AnyCase(("permanent", "unlogged"))]


class TableStorage(CatalogExpectation):
    """{table} is stored as the contract says.

    What is given is compared: whether it is written to the log (`persistence` is `permanent` or `unlogged`, which is
    empty after a crash), and its storage parameters, `fillfactor=70`, all that there may be; `[]` for none.

    Example:
        TableStorage("invoices", persistence="permanent", parameters=["fillfactor=70"])

    Repair: set it; a change of the persistence rewrites the table, and parameters hold for what is written from then.
    """

    table: Relation
    persistence: Persistences | None = None
    parameters: Texts | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.tables[self.table]
        if self.persistence is not None:
            word = "logged" if self.persistence == "permanent" else "unlogged"
            repair = Repair(f"alter table {self.table} set {word};", "rewrites the table")
            observed = relation.persistence
            yield from differs(f"persistence of {self.table}", self.persistence, observed, repair=[repair])
        if self.parameters is not None:
            expected, there = tuple(sorted(self.parameters)), tuple(sorted(relation.options))
            repairs = list(changed_parameters(f"table {self.table}", expected, there))
            yield from differs(f"storage parameters of {self.table}", expected, there, repair=repairs)


def changed_parameters(target: str, expected: tuple[str, ...], there: tuple[str, ...]) -> Iterator[Repair]:
    """What makes storage parameters as they should be; `target` is what stands after ALTER."""
    wanted = [text.partition("=") for text in expected if text not in there]
    kept = {text.partition("=")[0] for text in expected}
    gone = [name for text in there if (name := text.partition("=")[0]) not in kept]
    if wanted:
        said = ", ".join(f"{name} = {literal(value)}" for name, _, value in wanted)
        yield Repair(f"alter {target} set ({said});")
    if gone:
        yield Repair(f"alter {target} reset ({', '.join(gone)});")
