from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.constants import Constants, constant, operator
from pgcontract.contract.fields import Field
from pgcontract.contract.rows import EachValueExpectation
from pgcontract.names import quote

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord

_SHOWN = 10


class ValuesInSet(EachValueExpectation):
    """The values of {table}.{column} are all among {values}.

    NULLs do not count. Values are compared as the column's type compares them; texts are exact, with their case and
    their blanks, but for a type such as `citext` that says otherwise. With `never`, none of the values may be there.

    Example:
        ValuesInSet("invoices", "status", ["draft", "sent", "paid"])

    Repair: correct the rows, or add what is right to the set; then make it an enum or a CHECK.
    """

    values: Constants
    never: bool = Field(default=False, description="Whether none of these may be there, instead of no others.")

    def holds(self, relation: RelationRecord) -> str:
        type_ = self.type_in(relation)
        among = ", ".join(constant(value, type_) for value in self.values)
        equals = operator("=", type_)
        if equals == "=":
            return f"{quote(self.column)} {'not in' if self.never else 'in'} ({among})"
        test = f"{quote(self.column)} {equals} any (array[{among}]::{type_}[])"
        return f"not ({test})" if self.never else test

    def wanted(self) -> str:
        shown = ", ".join(map(str, self.values[:_SHOWN]))
        more = f" and {len(self.values) - _SHOWN} more" if len(self.values) > _SHOWN else ""
        return f"{'none of' if self.never else 'among'} {shown}{more}"

    def unwanted(self) -> str:
        return self.wanted().replace("none of", "among", 1) if self.never else f"not {self.wanted()}"
