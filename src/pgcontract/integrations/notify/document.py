"""A notification for machines: ``pgcontract.notification/1``, described by `SCHEMA`."""

from __future__ import annotations

import json
from datetime import UTC
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pgcontract import __version__
from pgcontract.report import leaks
from pgcontract.report.json import render
from pgcontract.verdict import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.integrations.notify.change import Trouble
    from pgcontract.integrations.notify.notification import Notification

FORMAT = "pgcontract.notification/1"
SCHEMA = files("pgcontract.report") / "schemas" / "notification-1.schema.json"

LARGEST = 1_000_000
"""How many bytes are sent at most: a longer report is left out, and `left_out` says so."""

MOST = 100
"""How many troubles are told one by one at most; the counts are of all."""

LONGEST = 1_000
"""How many characters of one text of a trouble are told; a report beside them has all."""


def to_json(notification: Notification) -> bytes:
    """The notification as JSON, in ASCII."""
    told = document(notification)
    body = json.dumps(told).encode("ascii")
    if len(body) > LARGEST:
        about = f"the report makes {len(body):,} bytes, and at most {LARGEST:,} are sent"
        body = json.dumps(told | {"report": None, "leaks": None, "left_out": about}).encode("ascii")
    return body


def document(notification: Notification) -> dict[str, Any]:
    """The notification as plain data, as the JSON Schema describes it."""
    change, database, ran = notification.change, notification.database, notification.ran
    return {
        "format": FORMAT,
        "version": __version__,
        "event": change.event,
        "passed": notification.passed,
        "suite": notification.suite,
        "database": {"name": database.name, "version": database.version, "host": database.host},
        "started_at": notification.at.astimezone(UTC).isoformat(),
        "link": notification.link,
        "counts": {
            "newly_broken": sum(one.new is True for one in change.troubles),
            "broken": len(change.troubles),
            "fixed": len(change.over),
            "untold": change.untold,
        },
        "broken": _troubles(change.troubles),
        "fixed": _troubles(change.over),
        "report": json.loads(render(ran)) if isinstance(ran, Report) else None,
        "leaks": None if isinstance(ran, Report) else leaks.document(ran),
        "left_out": None,
    }


def _troubles(troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
    return [_trouble(one) for one in troubles[:MOST]]


def _trouble(one: Trouble) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "kind": one.kind,
        "subject": one.subject[:LONGEST],
        "object": one.object[:LONGEST],
        "message": one.message[:LONGEST],
        "severity": one.severity,
        "errored": one.errored,
        "new": one.new,
        "since": None if one.since is None else one.since.astimezone(UTC).isoformat(),
        "or_before": one.or_before,
        "runs": one.runs,
        "how": one.how,
    }
