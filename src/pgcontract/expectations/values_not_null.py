from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.rows import EachValueExpectation, present
from pgcontract.expectations.guarantees import not_null
from pgcontract.names import quote

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.aggregate import Guarantee


class ValuesNotNull(EachValueExpectation):
    """No value of {table}.{column} is NULL.

    What NOT NULL would enforce, for a column that cannot have it yet. Where the column has it, the rows are not looked
    at.

    Example:
        ValuesNotNull("invoices", "amount")

    Repair: fill the rows in, then put NOT NULL on the column.
    """

    def holds(self, relation: RelationRecord) -> str:
        self.type_in(relation)
        return present(quote(self.column))

    def wanted(self) -> str:
        return "not NULL"

    def unwanted(self) -> str:
        return "NULL"

    def guaranteed(self, catalog: Catalog) -> Guarantee | None:
        return not_null(catalog, self.table, self.column)
