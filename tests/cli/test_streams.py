from __future__ import annotations

import errno
import io
import sys

import pytest

from pgcontract.cli.console import page
from pgcontract.cli.streams import prepare, why_not_written


def test_what_was_closed_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    prepare()
    with sys.stdout as opened:
        assert opened is not None
        opened.write("✗")
        opened.flush()


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", r"\xe9 \u2717"), ("latin-1", r"é \u2717"), ("utf-8", "é ✗")])
def test_a_letter_that_cannot_be_written_is_an_escape(
    monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
    prepare()
    sys.stdout.write("é ✗")
    sys.stdout.flush()
    assert raw.getvalue().decode(encoding) == shown


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", r"\xe9 x ..."), ("latin-1", "é x ..."), ("utf-8", "é ✗ …")])
def test_our_signs_are_plain_where_they_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
    with page() as console:
        console.print("é ✗ …")
    assert raw.getvalue().decode(encoding) == f"{shown}\n"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "standard output cannot be written: No space left on device",
        ),
        (OSError(errno.ENOSPC, "No space left on device", "report.html"), None),
        (OSError(errno.ENOENT, "No such file or directory"), None),
        (ValueError("no"), None),
    ],
)
def test_why_standard_output_was_not_written(error: Exception, reason: str | None) -> None:
    assert why_not_written(error) == reason
