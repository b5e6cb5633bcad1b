from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.fields import Field
from pgcontract.contract.rows import EachValueExpectation
from pgcontract.names import quote

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord


class ValueLengths(EachValueExpectation):
    """The values of {table}.{column} are as long as they should be.

    Texts are measured in characters, `bytea` in bytes, arrays in elements. `exactly`, or `at_least` and `at_most`.
    NULLs do not count.

    Example:
        ValueLengths("users", "name", at_least=1, at_most=80)

    Repair: correct the rows; then make it a CHECK, or give the column a type that has a length.
    """

    exactly: int | None = Field(default=None, ge=0)
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _bounded(self) -> ValueLengths:
        if self.exactly is self.at_least is self.at_most is None:
            raise ValueError("give exactly, at_least or at_most")
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError("exactly goes without at_least and at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most")
        return self

    def _compared(self, least: str, greatest: str) -> str:
        lower, upper = (self.exactly, self.exactly) if self.exactly is not None else (self.at_least, self.at_most)
        tests = [f"{least} >= {lower}"] if lower is not None else []
        return " and ".join([*tests, f"{greatest} <= {upper}"] if upper is not None else tests)

    def _length(self, relation: RelationRecord) -> str:
        measure = "cardinality" if self.type_in(relation).endswith("[]") else "length"
        return f"pg_catalog.{measure}({quote(self.column)})"

    def holds(self, relation: RelationRecord) -> str:
        return self._compared(self._length(relation), self._length(relation))

    def proof(self, relation: RelationRecord) -> str | None:
        length = self._length(relation)
        return self._compared(*(self.filtered(f"pg_catalog.{name}({length})") for name in ("min", "max")))

    def wanted(self) -> str:
        bounds = {"": self.exactly, "at least ": self.at_least, "at most ": self.at_most}
        return " and ".join(f"{words}{bound}" for words, bound in bounds.items() if bound is not None) + " long"
