"""A history for machines: ``pgcontract.history/1``, described by `SCHEMA`."""

from __future__ import annotations

import json
from datetime import UTC
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from pgcontract.lifecycle.history.story import Episode, Flap, Histories, Point, Story

FORMAT = "pgcontract.history/1"
SCHEMA = files("pgcontract.report") / "schemas" / "history-1.schema.json"


def to_json(histories: Histories) -> str:
    """The whole as JSON, ending with a newline."""
    return json.dumps(document(histories), indent=2) + "\n"


def document(histories: Histories) -> dict[str, Any]:
    """The whole as plain data, as the JSON Schema describes it."""
    return {
        "format": FORMAT,
        "source": histories.source,
        "histories": [_story(story) for story in histories.stories],
        "left_out": [{"name": one.name, "reason": one.reason} for one in histories.left],
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "suite": story.key.suite,
        "database": story.key.database,
        "host": story.key.host,
        "version": story.version,
        "runs": [_point(point) for point in story.points],
        "failing": [_episode(one, story) for one in story.failing],
        "untold": [_episode(one, story) for one in story.untold],
        "over": [_episode(one, story) for one in story.over],
        "flapping": [_flap(flap) for flap in story.flapping],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "started_at": _text(point.at),
        "passed": point.passed,
        "broken": point.broken,
        "errored": point.errored,
    }


def _episode(one: Episode, story: Story) -> dict[str, Any]:
    found = one.found
    return {
        "fingerprint": found.fingerprint,
        "kind": found.kind,
        "subject": found.subject,
        "object": found.object,
        "message": found.message,
        "severity": found.severity,
        "errored": found.errored,
        "since": _text(one.since),
        "or_before": one.or_before,
        "new": one in story.new,
        "runs": one.runs,
        "times": one.times,
        "last_seen": _text(one.seen),
        "ended": None if one.ended is None else _text(one.ended),
        "how": one.how,
        "took_seconds": None if one.took is None else one.took.total_seconds(),
    }


def _flap(flap: Flap) -> dict[str, Any]:
    return {
        "kind": flap.kind,
        "subject": flap.subject,
        "changes": flap.changes,
        "runs": flap.runs,
        "holds": flap.holds,
    }


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
