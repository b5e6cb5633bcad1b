from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, NonNegativeInt

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Member, Relation
from pgcontract.expectations.compare import differs
from pgcontract.names import quote
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.verdict import Finding

Storages = Annotated[
    Literal["plain", "main", "external", "extended"], AnyCase(("plain", "main", "external", "extended"))
]
Compressions = Annotated[Literal["pglz", "lz4"], AnyCase(("pglz", "lz4"))]
Distinct = Annotated[str, BeforeValidator(lambda value: f"{value:g}" if isinstance(value, int | float) else value)]
_DEFAULT_SINCE = 160000
_MAIN = ("numeric", "inet", "cidr")


class ColumnStorage(CatalogExpectation):
    """{table}.{column} is stored, and its values are sampled, as the contract says.

    All is compared; what is not given is as usual: the `storage` that its type has (`plain`, `main`, `external` or
    `extended`), no `compression` method of its own, no `statistics` target of its own, and the number of distinct
    values (`n_distinct`, and `n_distinct_inherited` with its children) estimated by ANALYZE.

    Example:
        ColumnStorage("events", "kind", statistics=1000)

    Repair: alter the column; what is stored already stays as it is, and ANALYZE makes new statistics.
    """

    table: Relation
    column: Member
    storage: Storages | None = None
    compression: Compressions | None = None
    statistics: NonNegativeInt | None = None
    n_distinct: Distinct | None = None
    n_distinct_inherited: Distinct | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        column = catalog.relations[self.table].columns[self.column]
        there = dict(each.split("=", 1) for each in column.stored)
        for word in type(self).positional()[2:]:
            value = getattr(self, word)
            expected = None if value is None else str(value)
            change = self._change(word, expected, column.type, catalog.server.version_number)
            repair = Repair(f"alter table only {self.table} alter column {quote(self.column)} {change};")
            yield from differs(f"{word} of {self.subject}", expected, there.get(word), repair=[repair])

    def _change(self, word: str, value: str | None, kind: str, version: int) -> str:
        """What ALTER COLUMN does; before version 16 a type's own storage has no word of its own."""
        if word.startswith("n_distinct"):
            return f"reset ({word})" if value is None else f"set ({word} = {value})"
        if word == "statistics":
            return f"set statistics {-1 if value is None else value}"
        if value is None and word == "storage" and version < _DEFAULT_SINCE:
            value = "main" if kind.partition("(")[0] in _MAIN else "extended"
        return f"set {word} {value or 'default'}"
