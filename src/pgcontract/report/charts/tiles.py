"""All relations as tiles, by schema, where they are too many for a map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pgcontract.names import quote
from pgcontract.report.document import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgcontract.report.charts.relations import Node, Relations
    from pgcontract.report.document import Level

STEP = 16
"""From one tile to the next, in pixels."""

_ALONE, _BESIDE = 63, 30  # how many stand in a row: of the only schema, and of one among others


@dataclass(frozen=True, slots=True)
class Tile:
    """A relation, and where its tile stands in its schema."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema's tiles.

    Attributes:
        name: The schema's, as Postgres quotes it.
        levels: The tiles by level, the worst first. Each stands in the order of the names, so that it stays where it
            is from run to run.
    """

    name: str
    levels: Mapping[Level, tuple[Tile, ...]]
    number: int
    width: int
    height: int


def tiles(of: Relations) -> tuple[Schema, ...]:
    """The contract's relations as tiles."""
    schemas = [(name, list(nodes)) for name, nodes in groupby(of.own, key=lambda node: node.schema)]
    across = _ALONE if len(schemas) == 1 else _BESIDE
    return tuple(_schema(name, nodes, across) for name, nodes in schemas)


def _schema(name: str, nodes: Sequence[Node], across: int) -> Schema:
    placed = [Tile(node, STEP * (place % across), STEP * (place // across)) for place, node in enumerate(nodes)]
    levels: dict[Level, tuple[Tile, ...]] = {
        level: tuple(tile for tile in placed if tile.node.level == level) for level in LEVELS
    }
    return Schema(
        quote(name) if name else "",
        {level: found for level, found in levels.items() if found},
        len(nodes),
        STEP * min(len(nodes), across),
        STEP * -(-len(nodes) // across),
    )
