from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import Advice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope

_LOST = frozenset(
    f"{name}{array}"
    for name in (
        *("regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator"),
        *("regproc", "regprocedure"),
    )
    for array in ("", "[]")
)


class NoOidReferencesInColumns(Advice):
    """No column holds the number of an object of the catalogs.

    `regproc`, `regconfig`, `regnamespace` and their like are numbers that change in a new cluster, so `pg_upgrade`
    refuses the database; `regclass`, `regtype` and `regrole` it can carry over. Splinter's lint 0018.

    Example:
        NoOidReferencesInColumns()

    Repair: keep the name, as text.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.relations("table", "partitioned table", "materialized view"):
            for column in table.columns.values():
                if column.type in _LOST:
                    yield Finding(
                        f"column {table.name}.{quote(column.name)} is of type {column.type}, which pg_upgrade refuses",
                        expected="another type",
                        observed=column.type,
                        object=f"{table.name}.{quote(column.name)}",
                    )
