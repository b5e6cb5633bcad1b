"""The foreign keys among tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.picture.parts import Link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation


def links_of(relation: Relation) -> Iterator[Link]:
    """The foreign keys of a table, in the order of their names."""
    for constraint in relation.having("FOREIGN KEY"):
        if constraint.references is not None:
            yield Link(
                relation.name,
                constraint.columns,
                constraint.references,
                constraint.referenced_columns,
                constraint.name,
                required=all(
                    relation.columns[name].not_null for name in constraint.columns if name in relation.columns
                ),
                single=_single(relation, constraint),
            )


def links(catalog: Catalog, tables: Collection[str]) -> Iterator[Link]:
    """The foreign keys of these tables; a partition's, which it has from its parent, are that one's."""
    for name in tables:
        yield from links_of(catalog.relations[name])


def _single(relation: Relation, link: Constraint) -> bool:
    """Whether the columns are a key, so that at most one row refers to one."""
    columns = set(link.columns)
    keys = (c.columns for c in relation.constraints.values() if c.kind in {"PRIMARY KEY", "UNIQUE"})
    return any(key and set(key) <= columns for key in keys) or any(
        index.unique and index.predicate is None and index.columns and set(index.columns) <= columns
        for index in relation.indexes.values()
    )
