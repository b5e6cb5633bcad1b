from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import Advice
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class ExtensionsUpToDate(Advice):
    """Every extension is of the version that the server offers.

    A new version of the server brings newer versions of extensions along, with what was mended in them, and leaves
    those that are installed as they are. Splinter's lint 0022. `schemas` are those that the extensions are in.

    Example:
        ExtensionsUpToDate()

    Repair: `ALTER EXTENSION … UPDATE`; read its release notes first.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for extension in scope.catalog.extensions.values():
            offered = extension.default_version
            told = not scope.told or extension.schema in scope.usable
            if told and offered is not None and offered != extension.version:
                yield Finding(
                    f"extension {quote(extension.name)} is of version {extension.version}; the server offers {offered}",
                    expected=offered,
                    observed=extension.version,
                    object=quote(extension.name),
                    repair=(Repair(f"alter extension {quote(extension.name)} update;"),),
                )
