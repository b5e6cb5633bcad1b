from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Self, get_args

from pydantic import model_validator

from pgcontract.catalog.columns import Identity
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Member, Relation
from pgcontract.expectations.compare import differs
from pgcontract.expectations.guarded import unless
from pgcontract.names import literal, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column

Identities = Annotated[Identity, AnyCase(get_args(Identity))]
# What may be said of the sequence behind it, and what `ALTER COLUMN … SET` calls it.
OPTIONS = {
    "start": "start with",
    "increment": "increment by",
    "minimum": "minvalue",
    "maximum": "maxvalue",
    "cache": "cache",
    "cycle": "cycle",
}


class ColumnIdentity(CatalogExpectation):
    """{table}.{column} is an identity column, generated {generated}.

    `ALWAYS` refuses values that a writer brings along, unless he says `OVERRIDING SYSTEM VALUE`; `BY DEFAULT` takes
    them. None says that it is no identity column. What is given of the sequence behind it is compared: the start, the
    increment, the bounds, the cache, and whether it cycles.

    Example:
        ColumnIdentity("invoices", "id", "ALWAYS", increment=1)

    Repair: alter the column. One that is to become an identity column must refuse NULL and have no default, and its
    sequence begins anew: set it beyond the values that are there.
    """

    table: Relation
    column: Member
    generated: Identities | None
    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cache: int | None = None
    cycle: bool | None = None

    @model_validator(mode="after")
    def _of_a_sequence(self) -> Self:
        said = [name for name in OPTIONS if getattr(self, name) is not None]
        if self.generated is None and said:
            raise ValueError(f"what is no identity column has no {said[0]}")
        return self

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        column = catalog.relations[self.table].columns[self.column]
        if column.identity != self.generated:
            yield Finding(
                f"{self.subject} is {_words(column.identity)}, not {_words(self.generated)}",
                expected=_words(self.generated),
                observed=_words(column.identity),
                repair=self._mend(column),
            )
        if self.generated is not None and column.identity is not None:
            yield from self._sequence(catalog)

    def _mend(self, column: Column) -> tuple[Repair, ...]:
        if self.generated is None:
            return (self._alter("drop identity if exists"),)
        if column.identity is not None:
            return (self._alter(f"set generated {self.generated.lower()}"),)
        if not column.not_null or column.default is not None or column.generated is not None:
            return ()
        options = " ".join(_clause(name, getattr(self, name)) for name in OPTIONS if getattr(self, name) is not None)
        with_options = f" ({options})" if options else ""
        add = self._alter(f"add generated {self.generated.lower()} as identity{with_options}")
        there = (
            f"pg_catalog.pg_attribute where attrelid = {literal(self.table)}::pg_catalog.regclass"
            f" and attname = {literal(self.column)} and attidentity <> ''"
        )
        return (replace(add, sql=unless(add.sql, there)),)

    def _sequence(self, catalog: Catalog) -> Iterator[Finding]:
        said = {name: getattr(self, name) for name in OPTIONS if getattr(self, name) is not None}
        if not said:
            return
        owner = f"{self.table}.{quote(self.column)}"
        sequence = next(each for each in catalog.sequences.values() if each.owned_by == owner)
        for name, expected in said.items():
            repair = self._alter(f"set {_clause(name, expected)}")
            yield from differs(f"{name} of {self.subject}", expected, getattr(sequence, name), repair=[repair])

    def _alter(self, change: str) -> Repair:
        return Repair(f"alter table {self.table} alter column {quote(self.column)} {change};")


def _words(identity: Identity | None) -> str:
    return "no identity column" if identity is None else f"generated {identity} as identity"


def _clause(name: str, value: object) -> str:
    if name == "cycle":
        return "cycle" if value else "no cycle"
    return f"{OPTIONS[name]} {value}"
