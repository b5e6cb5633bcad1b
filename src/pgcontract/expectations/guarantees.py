"""What a table's own definition guarantees of its rows, so that nobody need look at them.

A partitioned table answers for its partitions, but for foreign ones, whose NOT NULL nobody enforces. A table with
children that inherit does not: an index of the parent's knows nothing of their rows, and their columns may take NULL
where the parent's do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.aggregate import Guarantee
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation


def not_null(catalog: Catalog, name: str, column: str) -> Guarantee | None:
    """The column takes no NULL."""
    relation = _alone(catalog, name)
    if relation is None or column not in relation.columns or not relation.columns[column].not_null:
        return None
    return Guarantee(f"NOT NULL on {name}.{quote(column)}", ((name, column),))


def unique(catalog: Catalog, name: str, columns: Sequence[str], *, nulls: bool) -> Guarantee | None:
    """No two rows agree in the columns; with `nulls`, neither do two that are NULL there."""
    relation = _alone(catalog, name)
    for index in _refusing(relation) if relation is not None else ():
        keys = [column for column in columns if quote(column) in index.columns]
        loose = () if not nulls or index.nulls_not_distinct else tuple(keys)
        if len(keys) == len(index.columns) and all(relation.columns[key].not_null for key in loose):  # type: ignore[union-attr]
            what = "the primary key" if index.primary else "the unique index"
            return Guarantee(f"{what} {index.name}", tuple((name, key) for key in loose))
    return None


def _alone(catalog: Catalog, name: str) -> Relation | None:
    """The table, if all its rows are its own or its partitions', and kept here."""
    relation = catalog.relations[name]
    if not relation.is_table:
        return None
    heirs = _heirs(catalog, [name])
    if relation.kind != "partitioned table":
        return None if heirs else relation
    while heirs:
        if any(catalog.relations[heir].kind == "foreign table" for heir in heirs):  # what it holds nobody here checks
            return None
        heirs = _heirs(catalog, heirs)
    return relation


def _heirs(catalog: Catalog, parents: Collection[str]) -> list[str]:
    """The tables and partitions that have one of these as a parent."""
    return [name for name, inherits in catalog.inheritance.items() if not set(inherits.parents).isdisjoint(parents)]


def _refusing(relation: Relation) -> Iterator[Index]:
    """The indexes that refuse duplicates at once, in all rows."""
    for index in relation.indexes.values():
        constraint = relation.constraints.get(index.constraint) if index.constraint else None
        put_off = constraint is not None and (constraint.deferrable or constraint.period or not constraint.enforced)
        if index.unique and index.valid and index.predicate is None and not put_off:
            yield index
