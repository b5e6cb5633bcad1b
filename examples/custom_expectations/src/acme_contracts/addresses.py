"""E-mail addresses are of the domains that somebody has agreed to write to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from pgcontract.contract.rows import EachValueExpectation
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord


class EmailDomains(EachValueExpectation):
    """The addresses in {table}.{column} are of {domains}.

    Letters count as the same in either case. `where`, `mostly`, `sample`, the examples of wrong rows, and the place in
    the one scan of the table come with `EachValueExpectation`.

    Example:
        EmailDomains("employees", "email", ["acme.example", "acme.test"])

    Repair: correct the rows.
    """

    domains: Sequence[str] = Field(min_length=1, description="The domains, in lower case.")

    def holds(self, relation: RelationRecord) -> str:
        """What is true of a row that is right. Names are quoted, and values are literals: both are data."""
        domain = f"pg_catalog.lower(pg_catalog.split_part({quote(self.column)}::text, '@', 2))"
        return f"{domain} in ({', '.join(map(literal, self.domains))})"

    def wanted(self) -> str:
        """What the values should be, after `are`."""
        return f"of {' or '.join(self.domains)}"
