from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import ApiAdvice, access, grantees
from pgcontract.expectations.advice.scope import ROWS, what, who
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class ColumnsOpenedByTable(ApiAdvice):
    r"""No column is granted to an API role that its table is not granted to.

    A grant on a column opens it beside what the table's own grants say, and does not go away when those are revoked:
    easily overlooked, as `\dp` shows it apart. Where columns are granted on purpose, to leave others out, say so with
    `allow`.

    Example:
        ColumnsOpenedByTable(allow="public.profiles.*")

    Repair: revoke it from the column.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for relation in scope.relations():
            whole = {(g.grantee, g.privilege) for g in relation.grants}
            for column in relation.columns.values():
                of_column = scope.granted(relation.name, relation.owner, column.grants, ROWS)
                grants = [g for g in of_column if not {(g.grantee, g.privilege), ("PUBLIC", g.privilege)} & whole]
                if grants:
                    privileges = ", ".join(f"{p.lower()} ({quote(column.name)})" for p in what(grants).split(", "))
                    yield Finding(
                        f"column {relation.name}.{quote(column.name)} is open to {who(grants)} by a grant of its own",
                        expected="no grant on the column",
                        observed=f"{what(grants)} for {who(grants)}",
                        object=f"{relation.name}.{quote(column.name)}",
                        repair=access(f"revoke {privileges} on {relation.name} from {grantees(grants)};"),
                    )
