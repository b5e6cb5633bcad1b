"""The bounds of partitions as conditions: a row must fit one of a partitioned table's leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.inheritance import children
from pgcontract.catalog.lexis import between, pieces
from pgcontract.synth.expressions import parse
from pgcontract.synth.tree import And, Binary, Const, Is, Node, Not, Or

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


def partition_checks(catalog: Catalog, table: str) -> Iterator[tuple[str, Node]]:
    """The names and conditions: of the table's own bound and its ancestors', and of one of its leaves."""
    yield from _own(catalog, table)
    below = _below(catalog, table)
    if below is not None:
        yield table, below


def _own(catalog: Catalog, table: str) -> Iterator[tuple[str, Node]]:
    link = catalog.inheritance.get(table)
    if link is None or link.bound is None:
        return
    parent = link.parents[0]
    node = _bound(catalog, parent, table, link.bound)
    if node is not None:
        yield table, node
    yield from _own(catalog, parent)


def _below(catalog: Catalog, table: str) -> Node | None:
    """One of the partitions takes the row; None where anything fits, or nothing is known."""
    if table not in catalog.partitions:
        return None
    options: list[Node] = []
    for child in children(catalog.inheritance, table):
        bound = None if child.bound is None else _bound(catalog, table, child.name, child.bound)
        deeper = _below(catalog, child.name)
        parts = tuple(part for part in (bound, deeper) if part is not None)
        options.append(And(parts) if parts else Const(value=True))
    return Or(tuple(options)) if options else None


def _bound(catalog: Catalog, parent: str, child: str, bound: str) -> Node | None:
    keys = [parse(_without_class(key)) for key in catalog.partitions[parent].key]
    if bound == "DEFAULT":
        return _none_of_the_others(catalog, parent, child)
    if any(key is None for key in keys):
        return None
    nodes = [key for key in keys if key is not None]
    if bound.startswith("FOR VALUES IN"):
        return _listed(nodes[0], between(bound, "IN"))
    if bound.startswith("FOR VALUES FROM"):
        return _ranged(nodes, list(pieces(between(bound, "FROM"))), list(pieces(between(bound, "TO"))))
    return None  # by hash: nearly anything fits, and the server says where it does not


def _without_class(key: str) -> str:
    """The key without its collation and operator class."""
    return key if key.startswith("(") or "(" in key else key.partition(" ")[0]


def _none_of_the_others(catalog: Catalog, parent: str, child: str) -> Node | None:
    others = [
        _bound(catalog, parent, other.name, other.bound)
        for other in children(catalog.inheritance, parent)
        if other.name != child and other.bound not in {None, "DEFAULT"} and other.bound is not None
    ]
    known = tuple(Not(node) for node in others if node is not None)
    return And(known) if known else None


def _listed(key: Node, text: str) -> Node:
    options: list[Node] = []
    for piece in pieces(text):
        value = parse(piece) or Const(piece.strip("'"))
        null = value == Const(None)
        options.append(Is(key, "null") if null else And((Is(key, "null", negated=True), Binary("=", key, value))))
    return Or(tuple(options))


def _ranged(keys: list[Node], low: list[str], high: list[str]) -> Node:
    """The first key within its bounds; where both bounds are equal, the next one decides."""
    parts: list[Node] = [Is(key, "null", negated=True) for key in keys]
    for key, start, end in zip(keys, low, high, strict=False):
        least, most = parse(start) or Const(start), parse(end) or Const(end)
        if start == end and start not in {"MINVALUE", "MAXVALUE"}:
            parts.append(Binary("=", key, least))
            continue
        if start != "MINVALUE":
            parts.append(Binary(">=", key, least))
        if end != "MAXVALUE":
            parts.append(Binary("<", key, most))
        break
    return And(tuple(parts))
