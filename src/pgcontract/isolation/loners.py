"""Users who belong to no organisation, where a table allows that: two of them are not each other's colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.isolation.discovery import Ownership

LONER = 2
"""Which of a world's users has no organisation."""


def loners(catalog: Catalog, ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    """Tables with one row a user that need not name an organisation: the table, the user's column, the other column."""
    for table, (user, organisation) in ownership.memberships.items():
        relation = catalog.tables[table]
        keys = [*relation.having("PRIMARY KEY"), *relation.having("UNIQUE")]
        if any(key.columns == (user,) for key in keys) and not relation.columns[organisation].not_null:
            yield table, user, organisation


def strays(catalog: Catalog, ownership: Ownership, table: str, organisation: str) -> Iterator[tuple[str, str, str]]:
    """Other tables whose rows a user has, and that need not name the organisation either: with those two columns."""
    group = ownership.groups.of((table, organisation))
    for name, columns in ownership.direct.items():
        if name == table or name not in catalog.tables:
            continue
        relation = catalog.tables[name]
        users = [column for column in columns if column in relation.columns and ownership.is_user((name, column))]
        for column in relation.columns.values():
            if users and not column.not_null and ownership.groups.of((name, column.name)) == group:
                yield name, users[0], column.name
