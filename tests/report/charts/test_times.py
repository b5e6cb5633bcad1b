"""Where the time went: the slowest first, each bar as long as it took."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pgcontract.report.charts.times import MOST, times
from pgcontract.report.document import Document, arrange

TOOK = (0.0, 2.5, 400.0, 0.04, 100.0, 12.345, *[3.0] * 20)


@pytest.fixture
def document(made: Any) -> Document:
    """A table for each of these, of which the fourth failed, and one that belongs to none."""
    report = made({f"public.t{number}": "F" if number == 4 else "P" for number in range(len(TOOK))})
    timed = [replace(one, duration_ms=took) for one, took in zip(report.outcomes, TOOK, strict=True)]
    call = replace(timed[0], kind="FunctionCallable", subject="public.f()", relation=None, duration_ms=200.0)
    return arrange(replace(report, outcomes=(*timed, call)))


def test_the_slowest_are_shown_the_slowest_first(document: Document) -> None:
    found = times(document)
    assert found is not None
    shown = [("".join(piece.text for piece in bar.title), bar.took, bar.share, bar.level) for bar in found.expectations]
    assert shown[:4] == [
        ("ColumnType public.t2", "400 ms", 1000, "passed"),
        ("FunctionCallable public.f()", "200 ms", 500, "passed"),
        ("ColumnType public.t4", "100 ms", 250, "broken"),
        ("ColumnType public.t5", "12 ms", 31, "passed"),
    ]
    assert ("ColumnType public.t6", "3.0 ms", 8, "passed") in shown
    assert len(shown) == MOST
    assert [bar.title[0].text for bar in found.tables][:3] == ["public.t2", "FunctionCallable", "public.t4"]
    whole = sum(TOOK) + 200
    assert found.said.startswith(f"The checks took {whole / 1000:.1f} s of the run's 1.0 s; the rest")


def test_each_bar_leads_to_what_it_is_of(document: Document, drawn: Any) -> None:
    found = times(document)
    assert found is not None
    page = drawn(document.report)
    for bar in (*found.expectations, *found.tables):
        assert bar.anchor in page.ids
        assert f"#{bar.anchor}" in {each.get("href") for each in page.elements}


@pytest.mark.parametrize("took", [0.0, 0.9])
def test_what_took_no_time_is_not_worth_a_picture(made: Any, took: float) -> None:
    report = made({"public.a": "P"})
    timed = [replace(one, duration_ms=took) for one in report.outcomes]
    assert times(arrange(replace(report, outcomes=tuple(timed)))) is None
    assert times(arrange(replace(report, outcomes=()))) is None


def test_the_parts_of_a_whole_that_is_less_are_not_set_against_it(document: Document) -> None:
    found = times(replace(document, report=replace(document.report, duration_ms=1.0)))
    assert found is not None
    assert found.said == "The checks took 0.8 s."
