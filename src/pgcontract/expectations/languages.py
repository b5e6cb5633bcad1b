from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier
from pgcontract.expectations.compare import differs
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


# The languages that come with Postgres, each in an extension of its name.
_EXTENSIONS = frozenset({"plpgsql", "plperl", "plperlu", "plpython3u", "pltcl", "pltclu"})


class LanguagePresent(CatalogExpectation):
    """Functions can be written in the language {name}.

    With `trusted`, whether anybody who may use it can: functions in an untrusted one do whatever the server's own
    account may do, and only superusers write them.

    Example:
        LanguagePresent("plpgsql", trusted=True)

    Repair: create the extension that brings it along.
    """

    name: Identifier
    trusted: bool | None = None

    states: ClassVar[str] = "language"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.languages:
            create = Repair(f"create extension if not exists {self.name};")
            yield Finding(
                f"language {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.languages),
                repair=(create,) if self.name in _EXTENSIONS else (),
            )
        elif self.trusted is not None:
            yield from differs(f"trust in language {self.name}", self.trusted, catalog.languages[self.name].trusted)
