from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.constants import Constant, Plain, constant, is_ordered, operator
from pgcontract.contract.fields import Field
from pgcontract.contract.rows import EachValueExpectation
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord

_SIGNS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}
_WORDS = {"at_least": "at least", "at_most": "at most"}


class ValuesBetween(EachValueExpectation):
    """The values of {table}.{column} are within bounds.

    `at_least` and `at_most` are themselves allowed, `above` and `below` are not. NULLs do not count. Values stand in
    the order of the column's type: `NaN` is greater than every number, `Infinity` too, and `infinity` is a date after
    all others, so that each breaks an upper bound; texts stand in the order of the column's collation. All ranges of
    a column cost its least and its greatest value, once.

    Example:
        ValuesBetween("invoices", "amount", 0, 100_000)

    Repair: correct the rows, or the bounds; then make it a CHECK.
    """

    at_least: Constant | None = None
    at_most: Constant | None = None
    above: Constant | None = Field(default=None, kw_only=True)
    below: Constant | None = Field(default=None, kw_only=True)

    @model_validator(mode="after")
    def _bounded(self) -> ValuesBetween:
        given = {name for name, _ in self._bounds()}
        if not given:
            raise ValueError("give at_least, at_most, above or below")
        for one, other in (("at_least", "above"), ("at_most", "below")):
            if {one, other} <= given:
                raise ValueError(f"{one} goes without {other}")
        return self

    def _bounds(self) -> Iterator[tuple[str, Plain]]:
        for name in _SIGNS:
            bound = getattr(self, name)
            if bound is not None:
                yield name, bound

    def _compared(self, relation: RelationRecord, least: str, greatest: str) -> str:
        """The bounds, where the lower ones stand beside one expression, and the upper ones beside another."""
        type_ = self.type_in(relation)
        return " and ".join(
            f"{least if name in {'at_least', 'above'} else greatest} {operator(_SIGNS[name], type_)} "
            f"{constant(bound, type_)}"
            for name, bound in self._bounds()
        )

    def holds(self, relation: RelationRecord) -> str:
        return self._compared(relation, quote(self.column), quote(self.column))

    def proof(self, relation: RelationRecord) -> str | None:
        if not is_ordered(self.type_in(relation)):
            return None
        column = quote(self.column)
        least, greatest = (self.filtered(f"pg_catalog.{name}({column})") for name in ("min", "max"))
        return self._compared(relation, least, greatest)

    def wanted(self) -> str:
        bounds = dict(self._bounds())
        if bounds.keys() == {"at_least", "at_most"}:
            return f"between {bounds['at_least']} and {bounds['at_most']}"
        return " and ".join(f"{_WORDS.get(name, name)} {bound}" for name, bound in bounds.items())
