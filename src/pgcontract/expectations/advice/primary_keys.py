from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import Advice
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class TablesHavePrimaryKey(Advice):
    """Every table has a primary key.

    Without one, rows cannot be told apart: replication refuses their updates, and clients cannot name one. Partitions
    have their parent's. Splinter's lint 0004. It looks at every schema but the platform's.

    Example:
        TablesHavePrimaryKey(allow="public.import_*")

    Repair: add one.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.tables():
            if table.primary_key is None and not table.is_partition:
                yield Finding(
                    f"{table.name} has no primary key", expected="a primary key", observed="none", object=table.name
                )
