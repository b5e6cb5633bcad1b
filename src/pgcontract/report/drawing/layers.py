"""Puts the nodes of a graph into columns, so that arrows go one way and cross each other little.

The method is Sugiyama's: break cycles, give each node a layer, put a waypoint where an edge passes a layer, and order
each layer by where its neighbours stand. Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of
hierarchical system structures", IEEE Transactions on Systems, Man, and Cybernetics 11 (1981).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Edge: TypeAlias = tuple[str, str]
Spot: TypeAlias = "str | tuple[str, str, int]"
"""A node, or the waypoint of an edge in a layer."""

LARGE = 2_000
"""From how many spots on a diagram is drawn with less care: it takes its time, and nobody follows its lines."""

_SWEEPS, _FEW_SWEEPS = 8, 2


@dataclass(frozen=True, slots=True)
class Layered:
    """A graph in layers.

    Attributes:
        layers: What stands in each, in order.
        chains: For each edge, what it touches: from the node in the lower layer, by its waypoints, to the other.
    """

    layers: list[list[Spot]]
    chains: dict[Edge, list[Spot]]


def layered(heights: Mapping[str, float], edges: Iterable[Edge], tallest: float) -> Layered:
    """The nodes in layers, each edge from a later layer to an earlier one.

    Args:
        heights: How tall each node is; the order is kept where nothing else decides.
        edges: From whom to whom, without loops.
        tallest: How tall a layer may become before nodes move on to the next.
    """
    forward = _acyclic(list(heights), sorted(set(edges)))
    rank = _ranks(heights, forward, tallest)
    chains: dict[Edge, list[Spot]] = {}
    layers: list[list[Spot]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name in heights:
        layers[rank[name]].append(name)
    for child, parent in forward:
        waypoints: list[Spot] = [(child, parent, layer) for layer in range(rank[parent] + 1, rank[child])]
        for point, layer in zip(waypoints, range(rank[parent] + 1, rank[child]), strict=True):
            layers[layer].append(point)
        chains[child, parent] = [parent, *waypoints, child]
    return Layered(_ordered(layers, chains.values()), chains)


def _acyclic(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges, those turned round that would close a circle."""
    parents: dict[str, list[str]] = defaultdict(list)
    for child, parent in edges:
        parents[child].append(parent)
    turned: set[Edge] = set()
    done: set[str] = set()
    for start in names:
        path: list[str] = []
        on_path: set[str] = set()
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            name, leaving = waiting.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(name)
            elif name not in done and name not in on_path:
                path.append(name)
                on_path.add(name)
                waiting.append((name, True))
                for parent in parents[name]:
                    if parent in on_path:
                        turned.add((name, parent))
                    elif parent not in done:
                        waiting.append((parent, False))
    return sorted({(b, a) if (a, b) in turned else (a, b) for a, b in edges})


def _ranks(heights: Mapping[str, float], edges: Sequence[Edge], tallest: float) -> dict[str, int]:
    """The layer of each node: behind all that it refers to, and where there is room."""
    parents: dict[str, list[str]] = defaultdict(list)
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in edges:
        parents[child].append(parent)
        children[parent].append(child)
    rank: dict[str, int] = {}
    filled: dict[int, float] = defaultdict(float)
    missing = {name: len(parents[name]) for name in heights}
    # Those on which most depends come first, so that leaves give way to them.
    ready = [(-1, -len(children[name]), name) for name in heights if not parents[name]]
    heapify(ready)
    while ready:
        last, _, name = heappop(ready)
        layer = last + 1
        while filled[layer] and filled[layer] + heights[name] > tallest:
            layer += 1
        rank[name] = layer
        filled[layer] += heights[name]
        for child in children[name]:
            missing[child] -= 1
            if not missing[child]:
                heappush(ready, (max(rank[parent] for parent in parents[child]), -len(children[child]), child))
    for name in heights:  # what refers to nothing stands next to the first that refers to it
        if not parents[name] and children[name]:
            near = min(rank[child] for child in children[name]) - 1
            if near > rank[name] and filled[near] + heights[name] <= tallest:
                filled[near] += heights[name]
                rank[name] = near
    used = {layer: index for index, layer in enumerate(sorted(set(rank.values())))}
    return {name: used[layer] for name, layer in rank.items()}


def _ordered(layers: list[list[Spot]], chains: Iterable[Sequence[Spot]]) -> list[list[Spot]]:
    """Each layer in the order in which the fewest edges cross, of those that were tried."""
    before: dict[Spot, list[Spot]] = defaultdict(list)
    after: dict[Spot, list[Spot]] = defaultdict(list)
    for chain in chains:
        for one, other in pairwise(chain):
            after[one].append(other)
            before[other].append(one)
    large = sum(map(len, layers)) > LARGE
    best, fewest = layers, _crossings(layers, after) if not large else 0
    for sweep in range(_FEW_SWEEPS if large else _SWEEPS):
        down = sweep % 2 == 0
        layers = [list(layer) for layer in layers]
        for index in range(len(layers)) if down else reversed(range(len(layers))):
            beside = index - 1 if down else index + 1
            if 0 <= beside < len(layers):
                place = {spot: number for number, spot in enumerate(layers[beside])}
                neighbours = before if down else after
                own = {spot: number for number, spot in enumerate(layers[index])}
                layers[index].sort(key=lambda spot: _mean([place[n] for n in neighbours[spot]], own[spot]))
        number = _crossings(layers, after) if not large else -1 - sweep
        if number < fewest:
            best, fewest = layers, number
    return best


def _mean(places: Sequence[int], otherwise: int) -> float:
    return sum(places) / len(places) if places else otherwise


def _crossings(layers: Sequence[Sequence[Spot]], after: Mapping[Spot, Sequence[Spot]]) -> int:
    """How many pairs of edges cross between neighbouring layers."""
    found = 0
    for left, right in pairwise(layers):
        place = {spot: number for number, spot in enumerate(right)}
        seen: list[int] = []
        for spot in left:
            ends = sorted(place[other] for other in after.get(spot, ()))
            found += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return found
