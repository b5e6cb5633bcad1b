"""Service levels: how fresh data is can be verified, of the others it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.fresh import Fresh
from pgcontract.integrations.odcs.tables import referenced
from pgcontract.integrations.standards.node import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.taking import Taking
    from pgcontract.integrations.standards.node import Node

_UNITS = {
    **dict.fromkeys(("min", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("h", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("w", "week", "weeks"), "weeks"),
    **dict.fromkeys(("y", "yr", "year", "years"), "years"),
}


def levels(root: Node, taking: Taking) -> Iterator[Expectation]:
    """What the service levels expect of rows: that the newest is fresh enough."""
    for path, level in root.items("slaProperties"):
        found = _fresh(level, taking)
        if found is None:
            root.reading.unchecked(path, f"service level: {words(level)}")
        else:
            because = level.get("description")
            yield from taking.reading.make(path, Fresh, *found, **({"because": because} if because else {}))


def _fresh(level: Any, taking: Taking) -> tuple[str, str, str] | None:
    """The relation, the column and the age of a level of that kind."""
    if not isinstance(level, Mapping) or str(level.get("property")).lower() != "freshness":
        return None
    value, unit = level.get("value"), _UNITS.get(str(level.get("unit")).lower())
    element = str(level.get("element") or "")
    found = referenced(element, taking.tables, taking.ids, taking.schema)
    known = element.rpartition(".")[0] in taking.tables or "/" in element
    if found is None or not known or unit is None or not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return (*found, f"{value} {unit}")
