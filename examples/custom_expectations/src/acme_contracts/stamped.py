"""When a row was last changed is written down by the table itself, whoever changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract import CatalogExpectation, ColumnType, Expectation, Finding, Member, Relation, Repair, Routine
from pgcontract.contract.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract import Catalog


class KeepsUpdatedAt(CatalogExpectation):
    """{table} keeps in {column} when a row was last changed.

    A trigger does it, before every update of a row and whichever columns it changes, by `function`; it must be
    enabled. What an application sets itself is forgotten in one place sooner or later, and then caches and exports miss
    changes.

    Example:
        KeepsUpdatedAt("invoices", function="set_updated_at()")

    Repair: create the trigger; the function has to be there already.
    """

    table: Relation
    column: Member = "updated_at"
    function: Routine = "set_updated_at()"

    def requires(self) -> Iterable[Expectation]:
        """The column: where there is none, that is the one failure."""
        yield ColumnType(self.table, self.column, "timestamptz")

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        """One finding, unless some trigger does it."""
        name = self.function.removesuffix("()")
        triggers = catalog.relations[self.table].triggers.values()
        candidates = [trigger for trigger in triggers if trigger.function == name]
        for trigger in candidates:
            on_each = (trigger.timing, trigger.level) == ("BEFORE", "ROW") and "UPDATE" in trigger.events
            if on_each and not trigger.columns and trigger.when is None and trigger.enabled in {"ORIGIN", "ALWAYS"}:
                return
        yield Finding(
            f"no trigger of {self.table} calls {self.function} before every update of a row",
            expected="an enabled trigger, before update, for each row, of all columns, without a condition",
            observed=", ".join(trigger.name for trigger in candidates) or None,
            repair=(
                Repair(f"drop trigger if exists keeps_updated_at on {self.table};", "blocks writes"),
                Repair(
                    f"create trigger keeps_updated_at before update on {self.table} "
                    f"for each row execute function {self.function};",
                    "blocks writes",
                ),
            ),
        )


class Stamped(Section):
    """The short form: the tables that keep when a row was last changed."""

    key: ClassVar[str] = "stamped"
    root: list[Relation]

    def expand(self) -> Iterable[Expectation]:
        """One expectation for each table."""
        return [KeepsUpdatedAt(table) for table in self.root]
