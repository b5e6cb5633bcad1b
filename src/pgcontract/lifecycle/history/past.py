"""The runs before one, in brief: of a saved report only its head is read, for its outcomes may be many."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pgcontract.report.saved import FORMAT, SavedPast
from pgcontract.verdict import MOST_PAST, Past

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.verdict import Report

HEAD = 16 * 1024
"""In how many characters the head of a saved report is looked for."""

# Inside a string of JSON a line break is written otherwise, so this stands nowhere else.
_OUTCOMES = ',\n  "outcomes": ['


def brief(report: Report) -> Past:
    """A run, in brief."""
    return Past(report.started_at, report.passed, report.summary, report.duration_ms)


def last(runs: Iterable[Past]) -> tuple[Past, ...]:
    """The last runs that a report tells of, the oldest first, from those that are there, the newest first."""
    return tuple(reversed(tuple(islice(runs, MOST_PAST))))


def head(begin: str) -> str | None:
    """The saved report without its outcomes that begins so, as JSON; None where it is written otherwise than by us."""
    text, found, _ = begin.partition(_OUTCOMES)
    return f"{text}}}" if found else None


def told(text: str) -> Past | None:
    """The run of a saved report without its outcomes; None where that is none of ours."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            return None
        parts = {key: document[key] for key in ("passed", "summary", "duration_ms")} | {"at": document["started_at"]}
        return SavedPast.model_validate_json(json.dumps(parts)).restored()
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError):
        return None
