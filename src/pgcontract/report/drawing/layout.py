"""Where the boxes of a diagram stand, and how the lines between them run. Lengths are in pixels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.report.drawing.layers import LARGE, Edge, Layered, Spot, layered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Point: TypeAlias = tuple[float, float]

_WAY = 8.0
_MANY = 150
_PASSES, _FEW_PASSES = 6, 2


@dataclass(frozen=True, slots=True)
class Spacing:
    """How far apart things stand.

    Attributes:
        gap: Boxes of one column.
        between: Columns.
        apart: Groups that are not linked.
        tallest: How tall a column becomes before boxes go on to the next.
    """

    gap: float = 18.0
    between: float = 76.0
    apart: float = 30.0
    tallest: float = 1100.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large a box is."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands: its upper left corner, and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A diagram.

    Attributes:
        boxes: The boxes by name.
        ways: For each edge, the points through which it runs between the two boxes, from the parent's side to the
            child's; each a stretch from x to x at one height.
    """

    boxes: dict[str, Place]
    ways: dict[Edge, list[tuple[float, float, float]]]
    width: float
    height: float


def lay_out(sizes: Mapping[str, Size], edges: Iterable[Edge], room: float, spacing: Spacing = Spacing()) -> Layout:
    """Place the boxes: what is linked together, the largest such group first, then what stands alone.

    Args:
        sizes: The boxes.
        edges: From whom to whom.
        room: How wide the whole may be, where the groups allow it.
        spacing: How far apart they stand.
    """
    links = sorted({edge for edge in edges if edge[0] != edge[1]})
    groups = [_grouped(sizes, group, links, spacing) for group in _connected(sizes, links)]
    groups.sort(key=lambda group: (-len(group.boxes) if len(group.boxes) > 1 else 0, -group.height))
    room = max([room, *(group.width for group in groups)])
    boxes: dict[str, Place] = {}
    ways: dict[Edge, list[tuple[float, float, float]]] = {}
    x = y = row = widest = 0.0
    for group in groups:
        if x and x + group.width > room:
            x, y, row = 0.0, y + row + spacing.apart, 0.0
        boxes |= {n: Place(p.x + x, p.y + y, p.width, p.height) for n, p in group.boxes.items()}
        ways |= {edge: [(a + x, b + x, h + y) for a, b, h in way] for edge, way in group.ways.items()}
        widest = max(widest, x + group.width)
        x, row = x + group.width + spacing.apart, max(row, group.height)
    return Layout(boxes, ways, widest, y + row)


def _connected(sizes: Mapping[str, Size], edges: Sequence[Edge]) -> Iterator[list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    seen: set[str] = set()
    for start in sizes:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            more = [name for name in beside[waiting.pop()] if name not in group]
            group.update(more)
            waiting += more
        seen |= group
        yield [name for name in sizes if name in group]


def _grouped(sizes: Mapping[str, Size], group: Sequence[str], edges: Sequence[Edge], spacing: Spacing) -> Layout:
    inside = set(group)
    heights = {name: sizes[name].height + spacing.gap for name in group}
    tallest = max(spacing.tallest, *heights.values())
    if len(group) > _MANY:  # about as high as wide: lines pass by fewer columns
        area = sum((sizes[name].width + spacing.between) * heights[name] for name in group)
        tallest = max(tallest, sqrt(area))
    graph = layered(heights, [edge for edge in edges if edge[0] in inside], tallest)
    tops = _tops(graph, heights)
    boxes: dict[str, Place] = {}
    columns: list[tuple[float, float]] = []
    x = 0.0
    for layer in graph.layers:
        width = max((sizes[spot].width for spot in layer if isinstance(spot, str)), default=0.0)
        columns.append((x, x + width))
        for spot in layer:
            if isinstance(spot, str):
                boxes[spot] = Place(x, tops[spot], sizes[spot].width, sizes[spot].height)
        x += width + spacing.between
    ways = {
        edge: [(*columns[spot[2]], tops[spot] + _WAY / 2) for spot in chain if not isinstance(spot, str)]
        for edge, chain in graph.chains.items()
    }
    return Layout(boxes, ways, x - spacing.between, max(place.y + place.height for place in boxes.values()))


def _tops(graph: Layered, heights: Mapping[str, float]) -> dict[Spot, float]:
    """How far down each spot begins: near what it is linked to, in the order of its layer, without overlaps."""
    beside: dict[Spot, list[Spot]] = defaultdict(list)
    for chain in graph.chains.values():
        for one, other in pairwise(chain):
            beside[one].append(other)
            beside[other].append(one)
    tall = {spot: heights[spot] if isinstance(spot, str) else _WAY for layer in graph.layers for spot in layer}
    tops: dict[Spot, float] = {}
    for layer in graph.layers:
        y = 0.0
        for spot in layer:
            tops[spot], y = y, y + tall[spot]
    for number in range(_PASSES if len(tall) <= LARGE else _FEW_PASSES):
        for layer in graph.layers if number % 2 == 0 else reversed(graph.layers):
            wanted = [_wanted(spot, beside[spot], tops, tall) for spot in layer]
            tops |= zip(layer, _without_overlap(wanted, [tall[spot] for spot in layer]), strict=True)
    least = min(tops.values())
    return {spot: top - least for spot, top in tops.items()}


def _wanted(spot: Spot, neighbours: Sequence[Spot], tops: Mapping[Spot, float], tall: Mapping[Spot, float]) -> float:
    if not neighbours:
        return tops[spot]
    return sum(tops[one] + tall[one] / 2 for one in neighbours) / len(neighbours) - tall[spot] / 2


def _without_overlap(wanted: Sequence[float], tall: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones, by their squares, that keep the order: pool adjacent violators."""
    offsets = list(accumulate(tall, initial=0.0))[:-1]
    blocks: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while blocks and blocks[-1][0] >= mean:
            other, number = blocks.pop()
            mean, size = (mean * size + other * number) / (size + number), size + number
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]


def curve(start: Point, end: Point, way: Iterable[tuple[float, float, float]]) -> str:
    """The path of a line that leaves and arrives level, by way of level stretches past the boxes between.

    Args:
        start: Where it leaves a box to the right.
        end: Where it meets a box from the left.
        way: The stretches, as a layout has them.
    """
    (at_x, at_y), text = start, f"M{start[0]:.0f} {start[1]:.0f}"
    for left, right, height in [*way, (end[0], *end)]:
        middle = (at_x + left) / 2
        text += f"C{middle:.0f} {at_y:.0f} {middle:.0f} {height:.0f} {left:.0f} {height:.0f}"
        text += f"H{right:.0f}" if right > left else ""
        at_x, at_y = right, height
    return text
