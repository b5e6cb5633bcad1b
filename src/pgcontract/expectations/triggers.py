from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Self, get_args

from pydantic import AfterValidator, model_validator

from pgcontract.catalog.forms import Form, WhenForm
from pgcontract.catalog.triggers import Enabled, Event, Level, Timing, Trigger
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Identifiers, Member, Relation, Routine, Sql, Texts
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import literal, perhaps, quote, signature
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
States = Annotated[Enabled, AnyCase(get_args(Enabled))]
Levels = Annotated[Level, AnyCase(get_args(Level))]


class TriggerPresent(CatalogExpectation):
    """{table} has a trigger {name}.

    What is given is compared: the function, the timing, the events (exactly these), the level, the columns whose update
    fires it (exactly these; none for all), and the WHEN condition as Postgres itself would store it; `true` says that
    there is none. The trigger must be enabled, unless `enabled` is false: then it must not. `state` says more exactly
    when: `ORIGIN` as usual, `REPLICA` where changes are replayed and only there, `ALWAYS` in both, or `DISABLED`.

    `arguments` are the texts that the function gets, in their order. `old_table` and `new_table` are the names of the
    transition tables (`REFERENCING …`). A constraint trigger (`constraint`) may be `deferrable`, and `deferred` to the
    end of the transaction.

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
    arguments: Texts | None = None
    state: States | None = None
    constraint: bool | None = None
    deferrable: bool | None = None
    deferred: bool | None = None
    old_table: Identifier | None = None
    new_table: Identifier | None = None

    @model_validator(mode="after")
    def _agreed(self) -> Self:
        if not self.enabled and self.state in {"ORIGIN", "ALWAYS"}:
            raise ValueError(f"a trigger whose state is {self.state} is enabled")
        return self

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
        yield from self._others(trigger, of)
        yield from self._enabled(catalog, trigger, of)

    def _others(self, trigger: Trigger, of: str) -> Iterator[Finding]:
        """What is compared as it is, and can be changed by making the trigger anew only."""
        if self.arguments is not None:
            written, stored = (", ".join(map(literal, texts)) for texts in (self.arguments, trigger.arguments))
            yield from differs(f"arguments of {of}", f"({written})", f"({stored})")
        said = {
            "constraint": (self.constraint, trigger.constraint),
            "deferrable": (self.deferrable, trigger.deferrable),
            "deferred": (self.deferred, trigger.deferred),
            "old table": (self.old_table, trigger.old_table),
            "new table": (self.new_table, trigger.new_table),
        }
        for word, (expected, observed) in said.items():
            if expected is not None:
                yield from differs(f"{word} of {of}", expected, observed)

    def _enabled(self, catalog: Catalog, trigger: Trigger, of: str) -> Iterator[Finding]:
        is_view = catalog.relations[self.table].kind == "view"  # whose triggers ALTER TABLE does not know
        if self.state is not None:
            verb = {"ORIGIN": "enable", "DISABLED": "disable"}.get(self.state, f"enable {self.state.lower()}")
            steps = [] if is_view else [self._altered(verb)]
            yield from differs(f"state of {of}", self.state, trigger.enabled, repair=steps)
            return
        fires = trigger.enabled in {"ORIGIN", "ALWAYS"}
        repair = self._altered("enable" if self.enabled else "disable")
        yield from differs(
            f"state of {of}",
            "enabled" if self.enabled else "disabled",
            "enabled" if fires else trigger.enabled.lower(),
            repair=[] if is_view else [repair],
        )

    def _altered(self, verb: str) -> Repair:
        return Repair(f"alter table {self.table} {verb} trigger {quote(self.name)};", "blocks writes")


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
