from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import AfterValidator

from pgcontract.catalog.forms import Form, WhenForm
from pgcontract.catalog.triggers import Event, Level, Timing, Trigger
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation, Routine, Sql
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import perhaps, quote, signature
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

_ORDER: tuple[Event, ...] = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


def _in_order(events: Sequence[Event] | Event) -> tuple[Event, ...]:
    given = {events} if isinstance(events, str) else set(events)
    if not given:
        raise ValueError("a trigger fires on something: name an event")
    return tuple(event for event in _ORDER if event in given)


_Event = Annotated[Event, AnyCase(get_args(Event))]
Events = Annotated[Sequence[_Event] | _Event, AfterValidator(_in_order)]
Timings = Annotated[Timing, AnyCase(get_args(Timing))]
Levels = Annotated[Level, AnyCase(get_args(Level))]


class TriggerPresent(CatalogExpectation):
    """{table} has a trigger {name}.

    What is given is compared: the function, the timing, the events (exactly these), the level, the columns whose update
    fires it (exactly these; none for all), and the WHEN condition as Postgres itself would store it; `true` says that
    there is none. The trigger must be enabled, unless `enabled` is false: then it must not.

    Example:
        TriggerPresent("invoices", "set_updated_at", function="set_updated_at()", timing="BEFORE", events=["UPDATE"])

    Repair: run the migration that creates it, or enable it.
    """

    table: Relation
    name: Member
    function: Routine | None = None
    timing: Timings | None = None
    events: Events | None = None
    level: Levels | None = None
    when: Sql | None = None
    enabled: bool = True
    columns: Identifiers | None = None

    def forms(self) -> Iterable[Form]:
        if self.when is not None:
            yield WhenForm(self.when, self.table, self._events())

    def _events(self) -> tuple[Event, ...]:
        return _in_order(self.events or "UPDATE")

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        triggers = catalog.relations[self.table].triggers
        if self.name not in triggers:
            hint = perhaps(self.name, triggers)
            yield Finding(f"{self.table} has no trigger {quote(self.name)}", expected=self.name, hint=hint)
            return
        yield from self._compare(catalog, triggers[self.name])

    def _compare(self, catalog: Catalog, trigger: Trigger) -> Iterator[Finding]:
        of = f"trigger {quote(self.name)} on {self.table}"
        if self.function is not None:
            yield from differs(f"function of {of}", signature(self.function)[0], trigger.function)
        if self.timing is not None:
            yield from differs(f"timing of {of}", self.timing, trigger.timing)
        if self.events is not None:
            yield from differs(f"events of {of}", " OR ".join(self._events()), " OR ".join(trigger.events))
        if self.level is not None:
            yield from differs(f"level of {of}", self.level, trigger.level)
        if self.columns is not None:
            yield from differs(f"columns of {of}", sorted(self.columns), sorted(trigger.columns))
        for form in self.forms():
            yield from differs(f"WHEN of {of}", catalog.own_form(form), trigger.when or "true")
        yield from self._enabled(catalog, trigger, of)

    def _enabled(self, catalog: Catalog, trigger: Trigger, of: str) -> Iterator[Finding]:
        fires = trigger.enabled in {"ORIGIN", "ALWAYS"}
        verb = "enable" if self.enabled else "disable"
        repair = Repair(f"alter table {self.table} {verb} trigger {quote(self.name)};", "blocks writes")
        yield from differs(
            f"state of {of}",
            "enabled" if self.enabled else "disabled",
            "enabled" if fires else trigger.enabled.lower(),
            repair=[] if catalog.relations[self.table].kind == "view" else [repair],
        )


class TriggersAre(CatalogExpectation):
    """{table} has exactly the triggers {triggers}.

    A closed world: a trigger acts unseen on every write. Those that constraints make for themselves are left out.

    Example:
        TriggersAre("invoices", ["set_updated_at"])

    Repair: drop what is not wanted; what is missing needs its migration.
    """

    table: Relation
    triggers: Identifiers

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        observed = catalog.relations[self.table].triggers
        nouns, place = ("trigger", "triggers"), f"table {self.table}"
        yield from closed(nouns, place, self.triggers, observed, lambda name: f"{self.table}.{quote(name)}")
