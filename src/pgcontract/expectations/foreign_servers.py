from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Texts
from pgcontract.expectations.compare import differs
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog


def options_differ(target: str, expected: Iterable[str], observed: Iterable[str]) -> Iterator[Finding]:
    """A finding for each option that is not as expected; `target` is what `ALTER` calls their object."""
    there = dict(_option(option) for option in observed)
    for name, value in map(_option, expected):
        verb = "set" if name in there else "add"
        repair = Repair(f"alter {target} options ({verb} {quote(name)} {literal(value)});")
        yield from differs(f"option {name} of {target}", value, there.get(name), repair=[repair])


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


class ForeignServerPresent(CatalogExpectation):
    """There is a foreign server {name}.

    What is given is compared: its foreign data wrapper, and each of the options, written `name=value`; others may be
    there. An option that may be a secret is never read: say nothing of it.

    Example:
        ForeignServerPresent("warehouse", wrapper="postgres_fdw", options=["dbname=warehouse"])

    Repair: set the option; a server of another wrapper must be made anew.
    """

    name: Identifier
    wrapper: Identifier | None = None
    options: Texts = ()

    states: ClassVar[str] = "foreign server"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.foreign_servers:
            yield Finding(
                f"foreign server {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.foreign_servers),
            )
            return
        server = catalog.foreign_servers[self.name]
        if self.wrapper is not None:
            yield from differs(f"foreign data wrapper of server {quote(self.name)}", self.wrapper, server.wrapper)
        yield from options_differ(f"server {quote(self.name)}", self.options, server.options)
