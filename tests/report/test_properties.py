"""What holds for every report, whatever its texts."""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rich.console import Console

from pgcontract.report.html import render as render_html
from pgcontract.report.json import load, render
from pgcontract.report.marking import compare
from pgcontract.report.terminal import show
from pgcontract.verdict import Database, Examples, Finding, Hazard, Location, Outcome, Repair, Report, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = int(os.environ.get("PGCONTRACT_EXAMPLES", "8"))
texts = st.text(max_size=12)
hazards = st.sampled_from(get_args(Hazard))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
durations = st.floats(min_value=0, max_value=1e9)


def some(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | strategy


def reports(text: st.SearchStrategy[str]) -> st.SearchStrategy[Report]:
    repairs = st.builds(Repair, text, hazards)
    row = st.tuples(some(text), some(text))
    examples = st.builds(Examples, st.tuples(text, text), st.lists(row, max_size=3).map(tuple), st.booleans())
    findings = st.builds(
        Finding,
        text,
        some(text),
        some(text),
        some(text),
        some(text),
        st.lists(repairs, max_size=2).map(tuple),
        text,
        examples=st.none() | examples,
    )
    outcomes = st.builds(
        Outcome,
        kind=text,
        subject=text,
        status=st.sampled_from(get_args(Status)),
        severity=st.sampled_from(get_args(Severity)),
        sentence=text,
        expectation=st.dictionaries(texts, values, max_size=3),
        relation=some(text),
        findings=st.lists(findings, max_size=2).map(tuple),
        reason=some(text),
        because=some(text),
        tags=st.lists(text, max_size=2).map(tuple),
        duration_ms=durations,
        traceback=some(text),
        implied=st.booleans(),
        location=st.none() | st.builds(Location, text, st.integers(1, 9), st.integers(1, 9)),
    )
    databases = st.builds(Database, text, text, text)
    when = st.datetimes(timezones=st.just(UTC))
    return st.builds(Report, text, databases, when, durations, st.lists(outcomes, max_size=5).map(tuple))


@settings(deadline=None, max_examples=4 * FEW)
@given(reports(texts))
def test_json_comes_back_equal(report: Report) -> None:
    assert load(render(report)) == report
    assert json.loads(render(report))["summary"] == report.summary


MARKER = "<x>&\"'"


@settings(deadline=None, max_examples=3 * FEW, suppress_health_check=[HealthCheck.too_slow])
@given(reports(texts.map(lambda text: f"{text}{MARKER}{text}")))
def test_html_holds_no_text_unescaped(report: Report) -> None:
    page = render_html(report)
    assert "<x" not in page
    assert 'x>&"' not in page
    # Cut where they are marked, so the pieces alone tell: of the marker every sign is escaped.
    assert "&lt;x&gt;&amp;&#34;&#39;" in page


@settings(deadline=None, max_examples=3 * FEW, suppress_health_check=[HealthCheck.too_slow])
@given(reports(texts.map(lambda text: f"{text}\x1b[2J[red]{text}")), st.integers(1, 120))
def test_the_terminal_gets_no_command(report: Report, width: int) -> None:
    stream = io.StringIO()
    show(report, Console(file=stream, width=width, no_color=True), verbose=True)
    assert "\x1b" not in stream.getvalue()


@given(texts, texts)
def test_marking_loses_nothing(expected: str, observed: str) -> None:
    left, right = compare(expected, observed)
    assert "".join(piece.text for piece in left) == expected
    assert "".join(piece.text for piece in right) == observed
    assert [p.text for p in left if not p.changed] == [p.text for p in right if not p.changed]
    assert any(piece.changed for piece in (*left, *right)) == (expected != observed)


# What means something to one format or another, and what none may let through.
nasty = st.sampled_from(
    [
        "# SKIP",
        "\n::error::x",
        "%0A",
        "]]>",
        "=1+1",
        "\r\n...\n",
        "</details>",
        "|",
        "@all",
        "\x00",
        "\u202e",
        "\udc80",
        "\ufffe",
    ]
)
UNSEEN = {*map(chr, range(32)), "\x7f", *map(chr, range(0x80, 0xA0)), "\u202e", "\u2066", "\udc80"} - {"\r", "\n", "\t"}
pieces = st.lists(nasty | st.text(max_size=3), max_size=3).map("".join)


# A report is small enough as it is; to shrink it through nine parsers takes minutes.
@settings(
    deadline=None,
    max_examples=FEW,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(reports(pieces))
def test_every_format_is_read_back_whatever_the_texts(
    readers: dict[str, Callable[[str], dict[str, int]]], report: Report
) -> None:
    statuses = {status: number for status, number in Counter(each.status for each in report.outcomes).items() if number}
    for name, read in readers.items():
        text = report.render(name)
        # No control character but line ends, no half of a pair, nothing that turns the text around.
        assert not UNSEEN.intersection(text), name
        found = read(text)
        if name in {"json", "sarif"}:
            assert {status: found[status] for status in statuses} == statuses
        elif name in {"csv", "junit", "openmetrics", "tap"}:
            assert sum(found.values()) == len(report.outcomes)
