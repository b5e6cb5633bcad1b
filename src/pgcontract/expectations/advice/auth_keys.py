from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.expectations.advice.rule import Advice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope

_SCHEMA = "auth"


class AuthReferencedByPrimaryKey(Advice):
    """Every foreign key to the platform's `auth` tables refers to their primary key.

    Only primary keys of the platform's tables stay as they are: a unique constraint may be dropped in an update of the
    platform, which then fails. Splinter's lint 0021.

    Example:
        AuthReferencedByPrimaryKey()

    Repair: refer to `id`.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.tables():
            for key in table.having("FOREIGN KEY"):
                target = scope.catalog.tables.get(key.references or "")
                if target is None or schema_of(target.name) != _SCHEMA or table.is_partition:
                    continue
                primary = target.primary_key
                if primary is None or set(primary.columns) != set(key.referenced_columns):
                    columns = ", ".join(map(quote, key.referenced_columns))
                    yield Finding(
                        f"foreign key {quote(key.name)} of {table.name} refers to {target.name} ({columns})",
                        expected="its primary key",
                        observed=f"({columns})",
                        object=f"{table.name}.{quote(key.name)}",
                    )
