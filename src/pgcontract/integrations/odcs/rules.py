"""Expectations on rows as rules on quality: of the library where they read back as they are, else of our engine."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pgcontract.contract.document import Document
from pgcontract.contract.items import item
from pgcontract.contract.suite import Suite
from pgcontract.expectations.rows import RowCount
from pgcontract.expectations.shares import NullShare
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.integrations.odcs.quality import rules
from pgcontract.integrations.odcs.taking import OWN, Taking
from pgcontract.integrations.standards.node import Node, Reading

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.tables import Table


def rule(each: Expectation, table: Table, column: str | None, tags: frozenset[str], schema: str) -> dict[str, Any]:
    """An expectation on rows as a rule beside its table, or beside a column of it.

    Args:
        each: The expectation.
        table: The table.
        column: The column, or None.
        tags: What stands beside the rule is tagged with, and the rule by that, too.
        schema: The schema of bare names.
    """
    found = _library(each)
    if found is not None:
        written = found | _common(each, tags)
        if _read(written, table, column, tags, schema) == (each,):
            return written
    return {"type": "custom", "engine": OWN, "implementation": item(each, schema)}


def _common(each: Expectation, tags: frozenset[str]) -> dict[str, Any]:
    common: dict[str, Any] = {"description": each.because} if each.because else {}
    common |= {"severity": each.severity} if each.severity != "error" else {}
    own = sorted(frozenset(each.tags) - tags)
    return common | ({"tags": own} if own else {})


def _read(
    written: dict[str, Any], table: Table, column: str | None, tags: frozenset[str], schema: str
) -> tuple[Expectation, ...]:
    """What the rule is read as."""
    reading = Reading(Document("rule", written, dict))
    node = Node(reading, (), written)
    taking = Taking(reading, schema, {}, {}, [])
    return Suite("rule", rules([node], table, column, tags, taking), schema=schema).expectations


def _library(each: Expectation) -> dict[str, Any] | None:
    """The rule of the library that may say the same; what else an expectation says does not count here."""
    if isinstance(each, RowCount):
        return {"metric": "rowCount"} | _counts(each)
    if isinstance(each, ValuesNotNull):
        return {"metric": "nullValues", "mustBe": 0}
    if isinstance(each, NullShare):
        return {"metric": "nullValues"} | _range(_percent(each.at_least), _percent(each.at_most)) | {"unit": "percent"}
    if not isinstance(each, ValuesInSet | ValuesMatch | ValuesUnique):
        return None
    wrong: dict[str, Any] = {"mustBe": 0}
    if each.mostly != 1:
        wrong = {"mustBeLessOrEqualTo": _percent(Decimal(1) - Decimal(str(each.mostly))), "unit": "percent"}
    return _wrong(each) | wrong


def _wrong(each: ValuesInSet | ValuesMatch | ValuesUnique) -> dict[str, Any]:
    """What is counted."""
    if isinstance(each, ValuesInSet):
        return {"metric": "invalidValues", "arguments": {"validValues": list(each.values)}}
    if isinstance(each, ValuesMatch):
        return {"metric": "invalidValues", "arguments": {"pattern": each.regex}}
    several = {"arguments": {"properties": list(each.columns)}} if len(each.columns) > 1 else {}
    return {"metric": "duplicateValues"} | several


def _counts(each: RowCount) -> dict[str, Any]:
    if each.exactly is not None:
        return {"mustBe": each.exactly}
    return _range(each.at_least, each.at_most)


def _range(least: Any, most: Any) -> dict[str, Any]:
    if least is None:
        return {"mustBeLessOrEqualTo": most}
    if most is None:
        return {"mustBeGreaterOrEqualTo": least}
    return {"mustBe": least} if least == most else {"mustBeBetween": [least, most]}


def _percent(share: float | Decimal | None) -> float | int | None:
    if share is None:
        return None
    number = Decimal(str(share)) * 100
    return int(number) if number == number.to_integral_value() else float(number)
