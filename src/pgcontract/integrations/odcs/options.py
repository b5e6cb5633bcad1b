"""Bounds and lengths of a column's values, as options of its logical type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.value_lengths import ValueLengths
from pgcontract.expectations.values_between import ValuesBetween

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation

BOUNDS = {
    "minimum": "at_least",
    "maximum": "at_most",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
}
LENGTHS = {"minLength": "at_least", "maxLength": "at_most"}
ITEMS = {"minItems": "at_least", "maxItems": "at_most"}
"""The options that bound values, with the fields that say the same."""
_BY_TYPE = {
    ("number", ValuesBetween): BOUNDS,
    ("integer", ValuesBetween): BOUNDS,
    ("string", ValueLengths): LENGTHS,
    ("array", ValueLengths): ITEMS,
}


def add(each: Expectation, home: dict[str, Any], tags: frozenset[str]) -> bool:
    """Put an expectation into the options of a property, if it says no more than they can; whether it did.

    Args:
        each: An expectation on rows.
        home: The property of its column.
        tags: What the property is tagged with.
    """
    names = _BY_TYPE.get((home["logicalType"], type(each)))
    if names is None or "logicalTypeOptions" in home:
        return False
    given = {option: getattr(each, field) for option, field in names.items() if getattr(each, field) is not None}
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in given.values()):
        return False
    fields = {names[option]: value for option, value in given.items()}
    place = {"table": each.belongs_to, "column": home["name"]}
    if not fields or type(each)(**place, **fields, tags=tags) != each:
        return False
    home["logicalTypeOptions"] = given
    return True
