"""Bounds are wider than the data, and round."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pgcontract.lifecycle.profile import bounds


@pytest.mark.parametrize(
    ("number", "bound"),
    [
        *(("0.001", 1), ("1", 1), ("1.01", 2), ("2", 2), ("3", 5), ("99.9", 100), ("101", 200), ("0", None)),
        *(("-3", 0), ("NaN", None), ("Infinity", None), ("1e15", None), ("5e14", 5 * 10**14)),
    ],
)
def test_the_greatest_is_rounded_up(number: str, bound: int | None) -> None:
    assert bounds.greatest(Decimal(number)) == bound


@pytest.mark.parametrize(
    ("number", "bound"),
    [("0", 0), ("0.5", 0), ("1", 1), ("37", 1), ("-0.5", -1), ("-3", -5), ("-Infinity", None), ("NaN", None)],
)
def test_the_least_is_rounded_down(number: str, bound: int | None) -> None:
    assert bounds.least(Decimal(number)) == bound


@pytest.mark.parametrize(
    ("some", "every", "most"), [(0, 9, 0.05), (1, 4, 0.3), (312, 1000, 0.35), (94, 100, 0.95), (95, 100, None)]
)
def test_a_share_is_that_of_the_next_twentieth(some: int, every: int, most: float | None) -> None:
    assert bounds.share(some, every) == most


@pytest.mark.parametrize(("count", "least"), [(0, None), (1, 1), (3, 1), (37, 10), (1000, 500), (1999, 500)])
def test_half_of_the_rows_may_go(count: int, least: int | None) -> None:
    assert bounds.at_least_rows(count) == least


@pytest.mark.parametrize(
    ("hours", "words"), [(-1, None), (0, "1 day"), (12, "1 day"), (13, "7 days"), (73, "30 days"), (361, None)]
)
def test_the_newest_may_be_twice_as_old(hours: int, words: str | None) -> None:
    assert bounds.within(hours * 3600) == words
