from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, get_args

from pgcontract.catalog.triggers import Enabled
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Routine, Texts
from pgcontract.expectations.compare import differs
from pgcontract.names import perhaps, quote, signature
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class EventTriggerPresent(CatalogExpectation):
    """There is an event trigger {name}.

    What is given is compared: the event, the function, and the commands that it fires for (exactly these; none for
    all). It must be enabled, unless `enabled` is false: then it must not; `state` says more exactly when: `ORIGIN`,
    `REPLICA`, `ALWAYS` or `DISABLED`.

    Example:
        EventTriggerPresent("guard_rls", event="ddl_command_end", function="guard_rls()", commands=["CREATE TABLE"])

    Repair: run the migration that creates it, or enable it.
    """

    name: Identifier
    event: str | None = None
    function: Routine | None = None
    commands: Texts | None = None
    enabled: bool = True
    state: Annotated[Enabled, AnyCase(get_args(Enabled))] | None = None

    states: ClassVar[str] = "event trigger"

    @property
    def subject(self) -> str:
        return self.name

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        of = f"event trigger {quote(self.name)}"
        if self.name not in catalog.event_triggers:
            hint = perhaps(self.name, catalog.event_triggers)
            yield Finding(f"{of} does not exist", expected=self.name, object=self.name, hint=hint)
            return
        trigger = catalog.event_triggers[self.name]
        if self.event is not None:
            yield from differs(f"event of {of}", self.event.lower(), trigger.event)
        if self.function is not None:
            yield from differs(f"function of {of}", signature(self.function)[0], trigger.function)
        if self.commands is not None:
            yield from differs(f"commands of {of}", sorted(tag.upper() for tag in self.commands), list(trigger.tags))
        fires = trigger.enabled in {"ORIGIN", "ALWAYS"}
        verb = "enable" if self.enabled else "disable"
        expected, observed = "enabled" if self.enabled else "disabled", "enabled" if fires else trigger.enabled.lower()
        if self.state is not None:
            verb = {"ORIGIN": "enable", "DISABLED": "disable"}.get(self.state, f"enable {self.state.lower()}")
            expected, observed = self.state, trigger.enabled
        elif not self.enabled and not fires:
            return
        yield from differs(f"state of {of}", expected, observed, repair=[Repair(f"alter {of} {verb};")])
