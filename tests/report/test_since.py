"""Since when a finding is there, in words: only what is known is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pgcontract.report.since import since_words
from pgcontract.verdict import Finding, Since

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
THEN = datetime(2026, 1, 1, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (None, None),
        (Since(NOW, 1, or_before=True), None),
        (Since(NOW, 1), "new in this run"),
        (Since(THEN, 3), "2026-01-01 03:04 UTC, 1 day, 3 runs"),
        (Since(THEN, 3, or_before=True), "2026-01-01 03:04 UTC or before, 1 day, 3 runs"),
    ],
)
def test_since(since: Since | None, words: str | None) -> None:
    assert since_words(Finding("it is wrong", since=since), NOW) == words
