from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Relation, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.foreign_servers import options_differ
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class ForeignDataWrapperPresent(CatalogExpectation):
    """There is a foreign data wrapper {name}.

    What is given is compared: its handler, the function that does its work, its validator, the function that checks
    options, both by name; and each of the options, written `name=value`; others may be there, unless `only_options` is
    said. The value of an option that may be a secret is never read: `name` alone says that there is such an option.

    Example:
        ForeignDataWrapperPresent("postgres_fdw", handler="postgres_fdw_handler")

    Repair: alter it; most come with an extension, which brings its functions along.
    """

    name: Identifier
    handler: Relation | None = None
    validator: Relation | None = None
    options: Texts = ()
    only_options: bool = False

    states: ClassVar[str] = "foreign data wrapper"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.foreign_data_wrappers:
            yield Finding(
                f"foreign data wrapper {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.foreign_data_wrappers),
            )
            return
        wrapper, target = catalog.foreign_data_wrappers[self.name], f"foreign data wrapper {quote(self.name)}"
        for word, expected in (("handler", self.handler), ("validator", self.validator)):
            if expected is not None:
                repair = Repair(f"alter {target} {word} {expected};")
                yield from differs(f"{word} of {target}", expected, getattr(wrapper, word), repair=[repair])
        yield from options_differ(
            target,
            f"pg_foreign_data_wrapper, fdwoptions, c.fdwname = {literal(self.name)}",
            self.options,
            wrapper.options,
            only=self.only_options,
        )
