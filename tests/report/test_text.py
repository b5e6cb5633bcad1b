from __future__ import annotations

import pytest

from pgcontract.report.text import counted, duration, elapsed, line, visible


@pytest.mark.parametrize(
    ("text", "block", "single"),
    [
        ("plain ünï 名 🙂", "plain ünï 名 🙂", "plain ünï 名 🙂"),
        ("two\nlines\t", "two\nlines\t", r"two\nlines\t"),
        ("\x1b[31m\x00\r", r"\x1b[31m\x00\r", r"\x1b[31m\x00\r"),
        ("\x9b2J\x7f", r"\x9b2J\x7f", r"\x9b2J\x7f"),
        ("\u202eevil\u2066\u200b\ufeff", r"\u202eevil\u2066\u200b\ufeff", r"\u202eevil\u2066\u200b\ufeff"),
        ("\udc80\U000e0041", r"\udc80\U000e0041", r"\udc80\U000e0041"),
        ("क्\u200dष 👩\u200d💻 a\u200cb", "क्\u200dष 👩\u200d💻 a\u200cb", "क्\u200dष 👩\u200d💻 a\u200cb"),
    ],
)
def test_what_acts_or_hides_is_shown_as_an_escape(text: str, block: str, single: str) -> None:
    assert visible(text) == block
    assert line(text) == single


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "<0.1 ms"), (0.1, "0.1 ms"), (99.94, "99.9 ms"), (100, "0.1 s"), (59_900, "59.9 s"), (59_990, "1 min 0 s"),
     (3_600_000, "60 min 0 s")],
)  # fmt: skip
def test_durations(milliseconds: float, text: str) -> None:
    assert duration(milliseconds) == text


def test_counts_have_their_plural() -> None:
    assert [counted(0, "warning"), counted(1, "warning"), counted(2, "warning")] == [
        "0 warnings",
        "1 warning",
        "2 warnings",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0 s"), (59.9, "59 s"), (60, "1 min"), (3_600, "1 h"), (5_400, "1 h 30 min"), (86_400, "1 day"),
     (93_600, "1 day 2 h"), (700_000, "8 days")],
)  # fmt: skip
def test_long_times(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text
