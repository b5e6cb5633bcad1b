from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class ExtensionsNotExposed(ApiAdvice):
    """No extension's functions are in an exposed schema.

    They become part of the API: whoever may use the schema may call them. `public` is where they land when nobody says
    otherwise. Splinter's lint 0014.

    Example:
        ExtensionsNotExposed(allow="postgis")

    Repair: move the extension to a schema of its own, if it can be moved; then that must be in `search_path`.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for extension in scope.catalog.extensions.values():
            if extension.schema in scope.usable:
                home = "extensions" if "extensions" in scope.catalog.schemas else None
                move = f"alter extension {quote(extension.name)} set schema {home};"
                yield Finding(
                    f"extension {quote(extension.name)} is in the exposed schema {quote(extension.schema)}",
                    expected="another schema",
                    observed=quote(extension.schema),
                    object=quote(extension.name),
                    hint="What names its objects without their schema must find them on its search_path.",
                    repair=(Repair(move),) if home and extension.schema != home else (),
                )
