"""All pictures of a report, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.report.access import COMMANDS, HeatMap, heat_map
from pgcontract.report.charts.history import TALL, WIDE, History, history
from pgcontract.report.charts.map import STANDING, Map, table_map
from pgcontract.report.charts.relations import relations
from pgcontract.report.charts.times import Times, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.report.document import Document

GLOBALS: Mapping[str, Any] = {"COMMANDS": COMMANDS, "STANDING": STANDING, "TALL": TALL, "WIDE": WIDE}
"""What the templates of the pictures use, by name."""


@dataclass(frozen=True, slots=True)
class Charts:
    """The pictures; each None where there is nothing to be seen."""

    history: History | None
    map: Map | None
    access: HeatMap | None
    times: Times | None


def charts(document: Document) -> Charts:
    """The pictures of a report."""
    return Charts(
        history=history(document.report),
        map=table_map(relations(document)),
        access=heat_map(document),
        times=times(document),
    )
