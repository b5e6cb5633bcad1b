from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier
from pgcontract.expectations.compare import differs
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


def _version(text: str) -> tuple[int, ...]:
    """The numbers in a version. Extensions number freely; what they have in common is that numbers grow."""
    numbers = list(map(int, re.findall(r"\d+", text)))
    while numbers and numbers[-1] == 0:  # 1.0 is 1
        numbers.pop()
    return tuple(numbers)


def _numbered(text: str) -> str:
    if not re.search(r"\d", text):
        raise ValueError(f"{text!r} is not a version: it has no number")
    return text


class ExtensionInstalled(CatalogExpectation):
    """The extension {name} is installed.

    `minimum` is the least version that will do, compared number by number; `in_schema` is where its objects stand.

    Example:
        ExtensionInstalled("vector", minimum="0.7")

    Repair: create it, or update it; the server must have its files.
    """

    name: Identifier
    minimum: Annotated[str, AfterValidator(_numbered)] | None = None
    in_schema: Identifier | None = None

    states: ClassVar[str] = "extension"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.extensions:
            where = f" schema {quote(self.in_schema)}" if self.in_schema else ""
            yield Finding(
                f"extension {quote(self.name)} is not installed",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.extensions),
                repair=(Repair(f"create extension if not exists {quote(self.name)}{where};"),),
            )
            return
        extension = catalog.extensions[self.name]
        if self.minimum is not None and _version(extension.version) < _version(self.minimum):
            yield Finding(
                f"extension {quote(self.name)} is at version {extension.version}, older than {self.minimum}",
                expected=f"{self.minimum} or newer",
                observed=extension.version,
                repair=(Repair(f"alter extension {quote(self.name)} update;"),),
            )
        if self.in_schema is not None:
            repair = Repair(f"alter extension {quote(self.name)} set schema {quote(self.in_schema)};")
            yield from differs(f"schema of extension {self.name}", self.in_schema, extension.schema, repair=[repair])
