"""What is proposed of a column, of what was measured of it; the rules are those of `docs/profile.md`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pgcontract.expectations.fresh import Fresh
from pgcontract.expectations.shares import NullShare
from pgcontract.expectations.value_lengths import ValueLengths
from pgcontract.expectations.values_between import ValuesBetween
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.lifecycle.profile import bounds, texts
from pgcontract.lifecycle.profile.guesses import is_id, is_personal, words
from pgcontract.lifecycle.profile.measures import is_number, is_text, is_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.lifecycle.profile.measures import Measured
    from pgcontract.lifecycle.profile.tables import Table

ENOUGH = 20
"""Of fewer values nothing is proposed but how many rows there are at least: they would tell too little."""
ENOUGH_TO_BE_UNIQUE = 50
"""Of fewer values it may be by chance that no two are the same."""
_ENOUGH_TEXTS = 1_000
_TWINS = 5
_DAY = 86_400
_YEARS = range(1, 10_000)
_DECLARED = re.compile(r"\((\d+)\)$")
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_LIMITS = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_UNIQUE_WORDS = frozenset(
    words(
        "code digest ean email fingerprint gtin hash id isbn key no number ref reference serial sku slug token uid url "
        "username uuid vin"
    )
)
_SHARED_WORDS = frozenset(
    words("area country currency dialing error exit language phone postal reason response state status tax zip")
)
_GROWING = frozenset(words("count counter no number num position rank revision seq sequence version"))
_YEAR = frozenset(words("year yr"))
_NATURAL: Mapping[str, tuple[int, int]] = {
    "percent": (0, 100), "percentage": (0, 100), "pct": (0, 100), "probability": (0, 1), "ratio": (0, 1),
    "month": (1, 12), "week": (1, 53), "quarter": (1, 4), "weekday": (0, 7), "dow": (0, 7), "hour": (0, 23),
    "minute": (0, 59),
}  # fmt: skip
_CHOICES = 3
_OFTEN = 20
# Seconds and milliseconds since 1970, from 2001 to 2096.
_CLOCKS = ((10**9, 4 * 10**9), (10**12, 4 * 10**12))


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
    name, column = table.relation.name, measured.name
    nulls = measured.found.get("nulls")
    if nulls == 0:
        present = ValuesNotNull(name, column, **table.common)
        if present.guaranteed(catalog) is None and not measured.known.not_null:
            yield present
    elif nulls is not None and (most := bounds.share(nulls, measured.rows)) is not None:
        yield NullShare(name, column, at_most=most, **table.common)


def is_unique(measured: Measured) -> bool:
    """Whether no two values of the column are the same."""
    return measured.distinct == measured.values


def _unique(table: Table, catalog: Catalog, measured: Measured) -> Iterator[DataExpectation]:
    refers = measured.name in table.referring or measured.name in table.declared
    if table.sample is not None or refers or not is_unique(measured) or measured.values < ENOUGH_TO_BE_UNIQUE:
        return
    unique = ValuesUnique(table.relation.name, [measured.name], **table.common)
    if _by_no_chance(measured) and unique.guaranteed(catalog) is None:
        yield unique


def _by_no_chance(measured: Measured) -> bool:
    """Whether it says something that all values differ: among as many numbers drawn by lot, two would be the same."""
    found, many = measured.found, measured.values
    if is_id(measured.name) and len(words(measured.name)) > 1 and many < _ENOUGH_TEXTS:
        return False  # it may well refer to something of which there is more than one
    if is_text(measured.type):
        named = set(words(measured.name))
        if many >= _ENOUGH_TEXTS or (named & _UNIQUE_WORDS and not named & _SHARED_WORDS):
            return True
        samples = [found.get(called) for called in ("first", "last")]
        whole = [each for each in samples if each is not None]
        return any(name in texts.UNIQUE for name, _ in texts.fitting(measured.name, *whole)) or bool(
            len(whole) == len(samples) and texts.prefixed(*whole)
        )
    room: float | None = None
    if is_number(measured.type):
        room = float(found["greatest"]) - float(found["least"]) + 1
    elif is_time(measured.type):
        room = None if found.get("span") is None else found["span"] / _DAY + 1
    return measured.type == "uuid" or (room is not None and twins(many, room))


def twins(many: int, room: float) -> bool:
    """Whether among so many draws out of so many possible values several would be the same, were it left to chance."""
    return many * many / 2 >= _TWINS * room


def _range(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    found, known = measured.found, measured.known
    if not is_number(known.type) or not table.shows(measured.column) or found.get("least") is None:
        return
    least, most = (Decimal(str(found[called])) for called in ("least", "greatest"))
    lower, upper = _sides(measured, least, most)
    lower, upper = None if known.bounded[0] else lower, None if known.bounded[1] else upper
    if lower is not None or upper is not None:
        yield ValuesBetween(table.relation.name, measured.name, lower, upper, **table.common)


def _sides(measured: Measured, least: Decimal, most: Decimal) -> tuple[int | None, int | None]:
    """Bounds of numbers; none of what a clock shows, and none above of what goes on and on."""
    own, finite = set(words(measured.name)), least.is_finite() and most.is_finite()
    if finite and any(low <= least and most <= high for low, high in _CLOCKS):
        return None, None
    if finite and (natural := _natural(measured, least, most)) is not None:
        return natural
    lower, upper = bounds.least(least, whole=measured.type in _WHOLE), bounds.greatest(most)
    if finite and own & _YEAR and least >= _YEARS.start and most < _YEARS.stop:
        return bounds.century(least), None
    beyond = upper is not None and upper * 2 >= _LIMITS.get(measured.type, upper * 3)
    endless = own & _GROWING or is_unique(measured)
    return lower, None if beyond or endless or lower == upper else upper


def _natural(measured: Measured, least: Decimal, most: Decimal) -> tuple[int, int] | None:
    """Bounds that are not made up: of a month 1 and 12, by its name; and of two or three that follow each other."""
    named = words(measured.name)
    low, high = (0, 0) if "per" in named else _NATURAL.get(named[-1] if named else "", (0, 0))
    if low < high and low <= least and most <= high:
        return low, high
    different = measured.distinct or 0
    following = 1 < different <= _CHOICES and most - least == different - 1
    return (int(least), int(most)) if following and measured.values >= _OFTEN * different else None


def lengths(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    """How long texts and arrays are; of those of which nothing more precise is known."""
    shortest, longest = (measured.found.get(called) for called in ("shortest", "longest"))
    if measured.values < ENOUGH or shortest is None or longest is None or longest == 0:
        return
    name, type_ = table.relation.name, measured.column.type
    below_domain = measured.type.endswith("[]") and type_ != measured.type
    if measured.known.sized or measured.name in table.declared or below_domain:
        return
    if shortest == longest:
        if not measured.type.startswith("character("):
            yield ValueLengths(name, measured.name, exactly=longest, **table.common)
        return
    declared = _DECLARED.search(measured.type)
    most = bounds.roomier(longest)
    if declared is not None and most is not None and most >= int(declared[1]):
        most = None
    least = 1 if shortest > 0 else None
    if least is not None or most is not None:
        yield ValueLengths(name, measured.name, at_least=least, at_most=most, **table.common)


def _times(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    found, name = measured.found, table.relation.name
    if not is_time(measured.type):
        return
    year, age, span = found.get("year"), found.get("age"), found.get("span")
    if table.shows(measured.column) and year is not None and year in _YEARS and not measured.known.bounded[0]:
        yield ValuesBetween(name, measured.name, f"{int(year):04}-01-01", **table.common)
    recent = bounds.within(age, span / measured.values) if age is not None and span else None
    if recent is not None and not is_personal(measured.name):
        yield Fresh(name, measured.name, recent, **table.common)
