"""The rows of the two worlds, as they are stored: every value as the text that Postgres prints and reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.relations import Relation

_INCOMPARABLE = frozenset(
    ["json", "xml", "point", "polygon", "box", "line", "path", "circle", "lseg", "real", "double precision"]
)
"""Types without an equality, or with one that the printed value does not satisfy."""


@dataclass(eq=False, slots=True)
class Row:
    """A row of a world.

    Attributes:
        table: Its table's canonical name.
        world: `A`, `B`, or empty for a row that belongs to nobody.
        index: Its number in its table and world; which user it belongs to follows from it.
        key: The columns that tell it from every other row.
        values: Every column's value as text; None for NULL.
        public: Whether everybody may read it, because of what it says of itself.
        by_trigger: Whether a trigger made it, or it was there before.
        passing: Whether its own key will be another one the next time that the trigger makes it.
    """

    table: str
    world: str
    index: int
    key: tuple[str, ...]
    values: Mapping[str, str | None]
    public: bool = False
    by_trigger: bool = False
    passing: bool = False
    canaries: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def where(self) -> str:
        """The condition that finds it, as SQL."""
        return " and ".join(f"{quote(column)} {equals(self.values[column])}" for column in self.key)

    @property
    def name(self) -> tuple[str, str]:
        """What tells it from the other rows of both worlds."""
        return self.table, "|".join(str(self.values[column]) for column in self.key)


def sql(value: str | None) -> str:
    """A value as SQL that any type reads."""
    return "null" if value is None else literal(value)


def equals(value: str | None) -> str:
    """The comparison with a value."""
    return "is null" if value is None else f"= {literal(value)}"


def insert(
    relation: Relation,
    values: Mapping[str, str | None],
    only: Iterable[str] | None = None,
    table: Relation | None = None,
) -> str:
    """The statement that puts a row in with just these values, identities too; no sequence is asked.

    Args:
        relation: The table, or a view that can be written through.
        values: The row, by column.
        only: The columns that may be named; all where it is None.
        table: The table under a view, whose generated columns and identities are so through the view as well.
    """
    under = relation.columns if table is None else {**relation.columns, **table.columns}
    allowed = None if only is None else frozenset(only)
    columns = [
        column
        for column in relation.columns.values()
        if under[column.name].generated is None
        and column.name in values
        and (allowed is None or column.name in allowed)
        and (values[column.name] is not None or column.default is not None)
    ]
    if not columns:
        return f"insert into {relation.name} default values"
    overriding = " overriding system value" if any(under[c.name].identity == "ALWAYS" for c in columns) else ""
    names = ", ".join(quote(column.name) for column in columns)
    return (
        f"insert into {relation.name} ({names}){overriding} values ({', '.join(sql(values[c.name]) for c in columns)})"
    )


def key_of(relation: Relation) -> tuple[str, ...]:
    """The columns that tell a row from the others: its primary key, else a unique key, else all of them."""
    primary = relation.primary_key
    if primary is not None:
        return primary.columns
    unique = next((key.columns for key in relation.having("UNIQUE") if key.columns), None)
    return unique or every_column(relation)


def every_column(relation: Relation) -> tuple[str, ...]:
    """The columns whose values can be compared."""
    found = tuple(
        column.name for column in relation.columns.values() if column.type.removesuffix("[]") not in _INCOMPARABLE
    )
    return found or tuple(relation.columns)


def made_by_trigger(relation: Relation, row: Row) -> None:
    """Note that a trigger has made a row; its number may be given twice, as what was tried is taken back."""
    row.by_trigger = True
    columns = [relation.columns[name] for name in row.key]
    row.passing = any(column.identity or "(" in (column.default or "") for column in columns)
    if row.passing:
        row.key = every_column(relation)
