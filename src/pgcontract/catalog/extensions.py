"""Extensions, as pg_extension has them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extension:
    """An installed extension."""

    name: str
    version: str
    schema: str
    owner: str
    comment: str | None = None
