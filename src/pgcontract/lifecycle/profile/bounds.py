"""Bounds that are wider than the data: outward to round numbers, so that the next row need not break them."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS = (1, 2, 5)
_MOST = 10**15
"""A number beyond this is taken for no measure of anything."""
_TWENTIETHS = 20
_ERRORS = 2
_EPSILON = 1e-9
"""What the arithmetic of floating point may lack of a whole twentieth."""
_DAY = 86_400
_GAPS = 10
# How old the newest may be in seconds, and what is then asked for: about twice that, or more.
_AGES: Sequence[tuple[int, str]] = ((_DAY // 2, "1 day"), (3 * _DAY, "7 days"), (15 * _DAY, "30 days"))


def above(number: Decimal | int) -> int | None:
    """The next of 1, 2, 5, 10, 20, 50, … that is not less than a number above 0; None where that is beyond measure."""
    power = 1
    while power < _MOST:
        for step in _STEPS:
            if number <= step * power:
                return step * power
        power *= 10
    return None


def below(number: int) -> int:
    """The last of 1, 2, 5, 10, 20, 50, … that is not more than a number from 1 on."""
    found = 1
    while (following := above(found + 1)) is not None and following <= number:
        found = following
    return found


def roomier(number: Decimal | int) -> int | None:
    """The next round number above one above 0 that leaves half as much again; None where that is beyond measure."""
    return above(number + Decimal(number) / 2)


def beyond(number: Decimal | int) -> int | None:
    """A bound above a number above 0: itself where it is round, 1 of a part of 1, else the next that leaves half more.

    So that a score stays out of 5 and a share of 1, and the next amount that is a little greater breaks nothing.
    """
    exact = above(number)
    return exact if number <= 1 or exact == number else roomier(number)


def least(number: Decimal, *, whole: bool) -> int | None:
    """A lower bound of numbers of which this is the least: 0, a round one below 0, or 1 of whole ones without a 0."""
    if not number.is_finite():
        return None
    if number >= 0:
        return int(whole and number >= 1)
    bound = beyond(-number)
    return None if bound is None else -bound


def greatest(number: Decimal) -> int | None:
    """An upper bound of numbers of which this is the greatest: 0 where all are negative, else a round one."""
    if not number.is_finite() or number == 0:
        return None
    return 0 if number < 0 else beyond(number)


def share(some: int, every: int) -> float | None:
    """An upper bound of a share: the next whole twentieth above it; None where that bounds nothing.

    Of few rows it leaves room for what the next ones may be: two standard errors of a share.
    """
    seen = some / every
    twentieths = int((seen + _ERRORS * sqrt(seen * (1 - seen) / every)) * _TWENTIETHS + _EPSILON) + 1
    return None if twentieths >= _TWENTIETHS else twentieths / _TWENTIETHS


def at_least_rows(count: int) -> int | None:
    """A lower bound of a number of rows: a round one of at most half as many; None of no rows."""
    return None if count < 1 else below(max(count // 2, 1))


def century(year: Decimal) -> int:
    """A lower bound of years: the first of the century."""
    return int(year) // 100 * 100


def within(age: float, gap: float) -> str | None:
    """How old the newest may be, which is so many seconds old; None where it is not recent, or in the future.

    And where as many seconds lie between one and the next, on average, it may well be ten times that.
    """
    return next((words for most, words in _AGES if age >= 0 and max(age, gap * _GAPS / 2) <= most), None)
