"""The names by which outcomes and groups of them are linked to: the same from run to run, whatever the verdict."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pgcontract.verdict import Outcome

By = Literal["relation", "kind"]
"""What a group has in common."""

_LENGTH = 60


def outcome_anchor(outcome: Outcome) -> str:
    """A readable part and a digest of what the expectation is; the verdict has no say in it."""
    fields = json.dumps(outcome.expectation, sort_keys=True, default=str)
    words = slug(f"{outcome.kind} {outcome.subject}")
    return f"{words}-{_digest(chr(0).join((outcome.kind, outcome.subject, fields)))}"


def group_anchor(by: By, title: str) -> str:
    """Where in a page the outcomes of a relation or of a kind are."""
    return f"{by}-{slug(title)}-{_digest(title)}"


def slug(text: str) -> str:
    """The text as words of small letters and digits, as they may stand in an address; cut where it is long."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LENGTH]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:8]
