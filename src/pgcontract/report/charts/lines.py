"""The foreign keys on the map of tables, as lines between boxes. Lengths are in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.report.document import LEVELS
from pgcontract.report.drawing.layout import curve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.report.charts.relations import Link
    from pgcontract.report.drawing.layers import Edge
    from pgcontract.report.drawing.layout import Place, Point

EDGE = 14.0
"""How far boxes stay from the rim of the map."""
HEAD = 41.0
"""How tall a box is."""
ROW = 14.0
"""How much taller with each line of words in it."""

LOOP = 20.0
"""How much room a line needs that leads back to the same box."""

_ARROW = 7.0


@dataclass(frozen=True, slots=True)
class Line:
    """Foreign keys between the same two relations.

    Attributes:
        link: Which.
        path: From one box to the other.
        head: The arrow's head, at the relation that is referred to.
        middle: Where a mark stands on it.
    """

    link: Link
    path: str
    head: str
    middle: Point


def lines(
    links: Iterable[Link], places: Mapping[str, Place], ways: Mapping[Edge, list[tuple[float, float, float]]]
) -> Iterator[Line]:
    """The lines, those in the worst state last, so that they lie on top."""
    for link in sorted(links, key=lambda link: -LEVELS.index(link.worst.level)):
        child, parent = places[link.child], places[link.parent]
        if link.child == link.parent:
            yield _loop(link, child)
            continue
        turned = (link.child, link.parent) not in ways  # the parent is to the right, to break a circle
        way = ways[(link.parent, link.child) if turned else (link.child, link.parent)]
        left, right = (child, parent) if turned else (parent, child)
        start, end = (left.x + left.width, left.y + HEAD / 2), (right.x, right.y + HEAD / 2)
        if turned:
            end = (end[0] - _ARROW, end[1])
        else:
            start = (start[0] + _ARROW, start[1])
        moved = [(a + EDGE, b + EDGE, height + EDGE) for a, b, height in way]
        first = (moved[0][0], moved[0][2]) if moved else end
        middle = ((start[0] + first[0]) / 2, (start[1] + first[1]) / 2)
        yield Line(link, curve(start, end, moved), _head(end if turned else start, 1 if turned else -1), middle)


def _head(at: Point, side: int) -> str:
    return f"M{at[0]:.0f} {at[1] - 4:.0f}l{_ARROW * side:.0f} 4l{-_ARROW * side:.0f} 4z"


def _loop(link: Link, place: Place) -> Line:
    """Round the upper right corner of a box, where no other line comes."""
    x, y = place.x + place.width, place.y
    path = f"M{x - 14:.0f} {y:.0f}c0 -14 30 -14 30 2c0 7 -4 9 {-16 + _ARROW:.0f} 9"
    return Line(link, path, _head((x + _ARROW, y + 11), -1), (x + 11, y - 6))
