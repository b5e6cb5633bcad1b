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
