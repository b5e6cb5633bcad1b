"""Bounds are wider than the data, and round."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pgcontract.lifecycle.profile import bounds


@pytest.mark.parametrize(
    ("number", "bound"),
    [
        *(("0.001", 1), ("0.99", 1), ("1", 1), ("1.01", 2), ("2", 2), ("3", 5), ("4", 10), ("99.9", 200), ("100", 100)),
        *(("0", None), ("-3", 0), ("NaN", None), ("Infinity", None), ("1e15", None), ("5e14", 5 * 10**14)),
    ],
)
def test_the_greatest_is_rounded_up_and_leaves_half_more(number: str, bound: int | None) -> None:
    assert bounds.greatest(Decimal(number)) == bound


@pytest.mark.parametrize(
    ("number", "whole", "part"),
    [
        *(("0", 0, 0), ("0.5", 0, 0), ("1", 1, 0), ("37", 1, 0), ("-0.5", -1, -1), ("-3", -5, -5), ("-4", -10, -10)),
        *(("-Infinity", None, None), ("NaN", None, None)),
    ],
)
def test_the_least_is_rounded_down(number: str, whole: int | None, part: int | None) -> None:
    """Whole numbers without a 0 count something; a price of 0.99 may follow one of 1."""
    assert bounds.least(Decimal(number), whole=True) == whole
    assert bounds.least(Decimal(number), whole=False) == part


@pytest.mark.parametrize(
    ("some", "every", "most"),
    [
        (0, 9, 0.05),
        (1, 4, 0.7),
        (25, 100, 0.35),
        (50_000, 200_000, 0.3),
        (312, 1000, 0.35),
        (90, 100, None),
        (95, 100, None),
    ],
)
def test_a_share_is_that_of_the_next_twentieth_with_room_for_chance(some: int, every: int, most: float | None) -> None:
    assert bounds.share(some, every) == most


@pytest.mark.parametrize(("count", "least"), [(0, None), (1, 1), (3, 1), (37, 10), (1000, 500), (1999, 500)])
def test_half_of_the_rows_may_go(count: int, least: int | None) -> None:
    assert bounds.at_least_rows(count) == least


@pytest.mark.parametrize(
    ("hours", "gap", "words"),
    [
        *((-1, 0, None), (0, 0, "1 day"), (12, 0, "1 day"), (13, 0, "7 days"), (73, 0, "30 days"), (361, 0, None)),
        *((0, 2, "1 day"), (0, 3, "7 days"), (0, 24, "30 days"), (0, 24 * 4, None)),
    ],
)
def test_the_newest_may_be_twice_as_old_and_ten_times_as_far_from_the_one_before(
    hours: int, gap: int, words: str | None
) -> None:
    assert bounds.within(hours * 3600, gap * 3600) == words


def test_years_begin_with_a_century() -> None:
    assert [bounds.century(Decimal(year)) for year in (1999, 2000, 33)] == [1900, 2000, 0]
