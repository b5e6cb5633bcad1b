"""Rows that a stranger would put in: a row of B's own kind, and rows of its own that refer to one thing of B's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.owners import asked_by_policies, merely_named, users_among
from pgcontract.isolation.rows import equals
from pgcontract.names import quote
from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.worlds import Builder


@dataclass(frozen=True, slots=True)
class Template:
    """A row that could be inserted.

    Attributes:
        values: Every column's value as text.
        theirs: The columns in which it speaks of B; all that say whose it is where the whole row would be B's.
        parents: The rows of B's that it refers to.
        whole: Whether it would be B's through and through.
    """

    values: Mapping[str, str | None]
    theirs: tuple[str, ...]
    parents: tuple[tuple[str, str], ...]
    whole: bool

    @property
    def stands(self) -> str:
        """The condition that finds it once it is in."""
        return " and ".join(f"{quote(column)} {equals(self.values[column])}" for column in self.theirs)


def links(builder: Builder, relation: Relation) -> list[tuple[tuple[str, ...], str | None]]:
    """What ties rows to a world: columns that hold its users and organisations, and foreign keys to its rows."""
    found: list[tuple[tuple[str, ...], str | None]] = [
        (key.columns, key.references)
        for key in relation.having("FOREIGN KEY")
        if key.references in builder.ownership.owned and key.references != relation.name
    ]
    covered = {column for columns, _ in found for column in columns}
    for column in builder.ownership.direct.get(relation.name, {}):
        group = builder.ownership.groups.of((relation.name, column))
        if column not in covered and column in relation.columns and group in builder.identities.values["B"]:
            found.append(((column,), None))
    return [link for link in found if not _lists(relation, link)] or found


def _lists(relation: Relation, link: tuple[tuple[str, ...], str | None]) -> bool:
    """Whether it is a list of those with whom the owner shares a row: that is the owner's to fill, with anybody."""
    columns, table = link
    return table is None and any(relation.columns[column].type.endswith(("[]", "json", "jsonb")) for column in columns)


def templates(builder: Builder, relation: Relation) -> Iterator[Template]:
    """The rows, made by the maker and taken back, so that they satisfy whatever the table asks."""
    tied = links(builder, relation)
    users = users_among(builder, relation)
    first = drafted_values(builder, relation, "B", 0, {})
    if first is not None:
        theirs = tuple(dict.fromkeys(column for columns, _ in tied for column in columns if first[column] is not None))
        parents = tuple(_parent(builder, relation, columns, table, first) for columns, table in tied)
        yield Template(first, theirs, tuple(parent for parent in parents if parent), whole=True)
    for columns, table in tied:
        if len(columns) == 1 and only_tells(builder, relation, users, columns[0]):
            continue  # naming somebody else beside oneself: a recipient, a reviewer
        pins = builder.musts("B", relation, 0)
        mine = {column: pins[column] for column in columns if column in pins}
        if not mine or len(tied) == 1:
            continue
        for index in (0, 1) if relation.name in builder.ownership.memberships else (0,):
            made = drafted_values(builder, relation, "A", index, mine)
            if made is None:
                continue
            parent = _parent(builder, relation, columns, table, made)
            yield Template(made, tuple(mine), (parent,) if parent else (), whole=False)


def only_tells(builder: Builder, relation: Relation, users: list[str], column: str) -> bool:
    """Whether a column names somebody beside whoever the row belongs to, as far as names and policies say."""
    if merely_named(users, column):
        return True
    owned = builder.ownership.direct.get(relation.name, {}).get(column)
    by_name = owned is not None and owned.strength == "named"
    return (column in users or by_name) and not asked_by_policies(relation, column)


def _parent(
    builder: Builder, relation: Relation, columns: tuple[str, ...], table: str | None, values: Mapping[str, str | None]
) -> tuple[str, str] | None:
    if table is None:
        return None
    key = next((k for k in relation.having("FOREIGN KEY") if k.columns == columns and k.references == table), None)
    if key is None:
        return None
    wanted = [values.get(column) for column in key.columns]
    for row in builder.worlds.of("B", table):
        if [row.values.get(column) for column in key.referenced_columns] == wanted:
            return row.name
    return None


def drafted_values(
    builder: Builder, relation: Relation, world: str, index: int = 0, pins: Mapping[str, Any] | None = None
) -> Mapping[str, str | None] | None:
    """The values of a row that went in and was taken back; None where none would go in."""
    try:
        with builder.session.trial():
            builder.stage.as_owner(world)
            row = builder.drafted(relation, world, index, pins or {})
            needed = [] if row is None else builder.unknown_parents(relation, row)
        builder.keep(needed)
    except (CannotSynthesise, Refused):
        return None
    return None if row is None else row.values
