from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, get_args

from pgcontract.catalog.collations import CollationProvider
from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Named
from pgcontract.expectations.compare import differs
from pgcontract.names import canonical, perhaps
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog

CollationName = Annotated[
    str, Named("collation", canonical, "A collation: `name` or `schema.name`; a bare name is in the suite's schema.")
]
Providers = Annotated[CollationProvider, AnyCase(get_args(CollationProvider))]


class CollationExists(CatalogExpectation):
    """The collation {collation} exists.

    What is given is compared: whose rules it uses (`libc`, `icu`, `builtin`), the locale, whether only equal bytes are
    equal (`deterministic`), and further rules of ICU's (`rules`). The server's own collations, in
    pg_catalog, are not looked at.

    Example:
        CollationExists("by_code_point", provider="builtin", locale="C.UTF-8")

    Repair: drop it and make it anew; an index on text that uses it must then be rebuilt.
    """

    collation: CollationName
    provider: Providers | None = None
    locale: str | None = None
    deterministic: bool | None = None
    rules: str | None = None

    states: ClassVar[str] = "collation"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.collation)]  # a missing schema is its own failure
        if self.collation not in catalog.collations:
            hint = perhaps(self.collation, catalog.collations)
            message = f"collation {self.collation} does not exist"
            yield Finding(message, expected=self.collation, object=self.collation, hint=hint)
            return
        found = catalog.collations[self.collation]
        properties = (
            ("provider", self.provider, found.provider),
            ("locale", self.locale, found.locale),
            ("determinism", self.deterministic, found.deterministic),
            ("rules", self.rules, found.rules),
        )
        for what, expected, observed in properties:
            if expected is not None:
                yield from differs(f"{what} of collation {self.collation}", expected, observed)
