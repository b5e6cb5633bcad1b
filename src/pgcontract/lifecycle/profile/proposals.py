"""What is proposed of a column, of what was measured of it; the rules are those of `docs/profile.md`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.fresh import Fresh
from pgcontract.expectations.shares import NullShare
from pgcontract.expectations.value_lengths import ValueLengths
from pgcontract.expectations.values_between import ValuesBetween
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.lifecycle.profile import bounds
from pgcontract.lifecycle.profile.guesses import is_personal
from pgcontract.lifecycle.profile.measures import SHORT, is_number, is_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.lifecycle.profile.measures import Measured
    from pgcontract.lifecycle.profile.tables import Table

ENOUGH = 20
"""Of fewer values nothing is proposed but how many rows there are at least: they would tell too little."""
ENOUGH_TO_BE_UNIQUE = 50
"""Of fewer values it may be by chance that no two are the same."""
_YEARS = range(1, 10_000)
_DECLARED = re.compile(r"\((\d+)\)$")
_LIMITS = {"smallint": 2**15 - 1, "integer": 2**31 - 1}


def of_column(table: Table, catalog: Catalog, measured: Measured) -> Iterator[DataExpectation]:
    """What the first scan is enough for."""
    if measured.rows >= ENOUGH:
        yield from _presence(table, catalog, measured)
    if measured.values < ENOUGH:
        return
    yield from _unique(table, catalog, measured)
    yield from _range(table, measured)
    yield from _times(table, measured)


def _presence(table: Table, catalog: Catalog, measured: Measured) -> Iterator[DataExpectation]:
    name, column = table.relation.name, measured.column.name
    nulls = measured.found.get("nulls")
    if nulls == 0:
        present = ValuesNotNull(name, column, **table.common)
        if present.guaranteed(catalog) is None:
            yield present
    elif nulls is not None and (most := bounds.share(nulls, measured.rows)) is not None:
        yield NullShare(name, column, at_most=most, **table.common)


def _unique(table: Table, catalog: Catalog, measured: Measured) -> Iterator[DataExpectation]:
    different = measured.found.get("distinct")
    long = measured.found.get("longest", 0) > SHORT
    if table.sample is None and not long and different == measured.values >= ENOUGH_TO_BE_UNIQUE:
        unique = ValuesUnique(table.relation.name, [measured.column.name], **table.common)
        if unique.guaranteed(catalog) is None:
            yield unique


def _range(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    type_, found = measured.column.type, measured.found
    if not is_number(type_) or not table.shows(measured.column) or found.get("least") is None:
        return
    least, most = (_decimal(found[called]) for called in ("least", "greatest"))
    lower, upper = bounds.least(least), bounds.greatest(most)
    if upper is not None and upper >= _LIMITS.get(type_, upper + 1):
        upper = None
    if lower is not None or upper is not None:
        yield ValuesBetween(table.relation.name, measured.column.name, lower, upper, **table.common)


def _decimal(value: Any) -> Any:
    from decimal import Decimal  # noqa: PLC0415 - only for this

    return Decimal(str(value))


def lengths(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    """How long texts are; of those of which nothing more precise is known."""
    shortest, longest = (measured.found.get(called) for called in ("shortest", "longest"))
    if measured.values < ENOUGH or shortest is None or longest is None or longest == 0:
        return
    name, column = table.relation.name, measured.column
    declared = _DECLARED.search(column.type)
    if shortest == longest:
        if not column.type.startswith("character("):
            yield ValueLengths(name, column.name, exactly=longest, **table.common)
        return
    most = bounds.above(longest)
    if declared is not None and most is not None and most >= int(declared[1]):
        most = None
    least = 1 if shortest > 0 else None
    if least is not None or most is not None:
        yield ValueLengths(name, column.name, at_least=least, at_most=most, **table.common)


def _times(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    found, name, column = measured.found, table.relation.name, measured.column
    if not is_time(column.type):
        return
    year, age = found.get("year"), found.get("age")
    if table.shows(column) and year is not None and year in _YEARS:
        yield ValuesBetween(name, column.name, f"{int(year):04}-01-01", **table.common)
    recent = None if age is None or found.get("same") else bounds.within(age)
    if recent is not None and not is_personal(column.name):
        yield Fresh(name, column.name, recent, **table.common)
