"""How several promises stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.document import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.report.document import Level

_NOTHING: Level = "passed"
_SILENT: frozenset[Level] = frozenset({"skipped", "ignored"})


def standing(levels: Iterable[Level]) -> Level:
    """The worst; but what was skipped says nothing where anything else was judged. No promise is broken by none."""
    every = set(levels)
    judged = every - _SILENT or every or {_NOTHING}
    return min(judged, key=LEVELS.index)
