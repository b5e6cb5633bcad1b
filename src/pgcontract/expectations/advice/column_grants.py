from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import ApiAdvice, access, grantees
from pgcontract.expectations.advice.scope import who
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class ColumnsOpenedByTable(ApiAdvice):
    r"""No API role reads columns of a relation that is not granted to it as a whole.

    A grant on a column opens it beside what the relation's own grants say: easily overlooked, as `\dp` has a place of
    its own for it. Granting INSERT and UPDATE by column narrows them, and is left alone. Where columns are granted to
    leave others out, say so with `allow`.

    Example:
        ColumnsOpenedByTable(allow="public.profiles")

    Repair: revoke it from the columns that are not meant.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for relation in scope.relations():
            granted = {name: _by_column(scope, relation, name) for name in relation.columns}
            opened = {name: grants for name, grants in granted.items() if grants}
            if opened:
                every = [grant for grants in opened.values() for grant in grants]
                columns = ", ".join(map(quote, opened))
                yield Finding(
                    f"{who(every)} may read columns of {relation.name} by grants on them: {columns}",
                    expected="no SELECT on single columns",
                    observed=f"SELECT ({columns}) for {who(every)}",
                    object=relation.name,
                    repair=access(f"revoke select ({columns}) on {relation.name} from {grantees(every)};"),
                )


def _by_column(scope: Scope, relation: Relation, column: str) -> list[Grant]:
    """The grants on the column that the relation as a whole does not have."""
    whole = {grant.grantee for grant in relation.grants if grant.privilege == "SELECT"}
    grants = scope.granted(relation.name, relation.owner, relation.columns[column].grants, {"SELECT"})
    return [] if PUBLIC in whole else [grant for grant in grants if grant.grantee not in whole]
