"""A row for each partition of a table: one that is forgotten leaks only what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import children
from pgcontract.catalog.lexis import between, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

MOST = 24
"""Partitions for which a row is made; a table may have thousands, which are mostly alike."""


def pins_of_leaves(catalog: Catalog, relation: Relation) -> list[dict[str, Any]]:
    """What a row's key must hold to lie in each of the partitions, as far as their bounds say; at most `MOST`."""
    found = []
    for pins in _below(catalog, relation.name, {}):
        found.append(pins)
        if len(found) == MOST:
            break
    return found


def _below(catalog: Catalog, name: str, pins: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if name not in catalog.partitions:
        if pins:
            yield dict(pins)
        return
    cut = catalog.partitions[name]
    columns = {column.name: column for column in catalog.relations[name].columns.values()}
    keys = [key.strip('"') for key in cut.key]
    for child in children(catalog.inheritance, name):
        values = _first(child.bound or "", cut.strategy)
        pinned = {key: value for key, value in zip(keys, values, strict=False) if key in columns and value is not None}
        yield from _below(catalog, child.name, {**pins, **pinned})


def _first(bound: str, strategy: str) -> list[str | None]:
    """A value for each column of the key that lies within the bound; None where the bound does not say one."""
    if bound == "DEFAULT" or strategy == "HASH":
        return []
    listed = [_literal(piece) for piece in pieces(between(bound))]
    return listed[:1] if strategy == "LIST" else listed


def _literal(text: str) -> str | None:
    if text in {"MINVALUE", "MAXVALUE", "NULL"}:
        return None
    quoted = text.startswith("'") and text.endswith("'")
    return text[1:-1].replace("''", "'") if quoted else text
