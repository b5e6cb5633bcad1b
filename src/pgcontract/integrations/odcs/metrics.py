"""The library's metrics, `nullValues` and the others, as expectations on rows.

Where there is a kind of expectation that says just that, it is taken. Else, as of `mustBeLessThan: 100`, the count is
compared in a query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract.flow import flow
from pgcontract.expectations.queries import QueryReturns
from pgcontract.expectations.rows import RowCount
from pgcontract.expectations.shares import NullShare
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.names import canonical, literal, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgcontract.integrations.odcs.bounds import Bound
    from pgcontract.integrations.standards.made import Made

ROWS = "count(*)"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric is of.

    Attributes:
        relation: The relation.
        columns: Its columns that it is about; of rows as such, none.
        schema: The schema of bare names.
        bound: What the number must be.
        arguments: What else the rule says.
    """

    relation: str
    columns: Sequence[str]
    schema: str
    bound: Bound
    arguments: dict[str, Any]

    def made(self, cls: Any, **others: Any) -> Made:
        """An expectation on the one column."""
        return cls, (self.relation, self.columns[0]), others

    def query(self, wrong: str, of: str = ROWS) -> Made:
        """The comparison as a query that gives true."""
        number = f"coalesce(100.0 * ({wrong}) / nullif({of}, 0), 0)" if self.bound.percent else wrong
        text = f"select {self.bound.sql(number)} from {canonical(self.relation, self.schema)}"
        return QueryReturns, (text, True), {}

    def right(self) -> float | None:
        """The share of the rows that must be right, where only so much may be wrong; else None."""
        if self.bound.none:
            return 1
        shares = self.bound.shares()
        if shares is None or self.bound.sign == "=" or shares.get("at_least", 0) > 0 or "at_most" not in shares:
            return None
        return float(str(round(1 - shares["at_most"], 15))) if shares["at_most"] < 1 else None


def null_values(what: Measured) -> Iterable[Made] | str:
    """How many are NULL."""
    if what.bound.none:
        return [what.made(ValuesNotNull)]
    shares = what.bound.shares()
    if shares is not None:
        return [what.made(NullShare, **shares)]
    return [what.query(f"count(*) filter (where {quote(what.columns[0])} is null)")]


def missing_values(what: Measured) -> Iterable[Made] | str:
    """How many are NULL, or stand for nothing."""
    listed = what.arguments.pop("missingValues", None)
    if not isinstance(listed, list) or not listed:
        return "no argument missingValues says which values count as missing"
    texts = [value for value in listed if value is not None]
    null = None in listed
    if what.bound.none:
        made = [what.made(ValuesNotNull)] if null else []
        return [*made, what.made(ValuesInSet, values=texts, never=True)] if texts else made
    column = quote(what.columns[0])
    conditions = [f"{column} in ({_listed(texts)})"] if texts else []
    conditions += [f"{column} is null"] if null else []
    return [what.query(f"count(*) filter (where {' or '.join(conditions)})")]


def invalid_values(what: Measured) -> Iterable[Made] | str:
    """How many are not among some, or do not match."""
    values, pattern = what.arguments.pop("validValues", None), what.arguments.pop("pattern", None)
    values = [value for value in values if value is not None] if isinstance(values, list) else None
    if not isinstance(pattern, str | None) or (not values and pattern is None):
        return "neither validValues nor pattern says which values are valid"
    right = what.right()
    if right is not None and (right == 1 or not values or pattern is None):
        mostly = {} if right == 1 else {"mostly": right}
        made = [what.made(ValuesInSet, values=values, **mostly)] if values else []
        return [*made, what.made(ValuesMatch, regex=pattern, **mostly)] if pattern is not None else made
    column = quote(what.columns[0])
    conditions = [f"{column} not in ({_listed(values)})"] if values else []
    conditions += [f"{column} !~ {literal(pattern)}"] if pattern is not None else []
    return [what.query(f"count(*) filter (where {' or '.join(conditions)})")]


def duplicate_values(what: Measured) -> Iterable[Made] | str:
    """How many rows repeat another in these columns."""
    if not what.columns:
        return "no argument properties says which columns must be unique"
    right = what.right()
    if right is not None:
        return [(ValuesUnique, (what.relation, list(what.columns)), {} if right == 1 else {"mostly": right})]
    names = [quote(column) for column in what.columns]
    present = " and ".join(f"{name} is not null" for name in names)
    different = names[0] if len(names) == 1 else f"row({', '.join(names)})"
    counted = f"count(*) filter (where {present})"
    return [what.query(f"{counted} - count(distinct {different}) filter (where {present})", counted)]


def row_count(what: Measured) -> Iterable[Made] | str:
    """How many rows there are."""
    if what.bound.percent:
        return "a number of rows is no percentage"
    counts = what.bound.counts()
    return [(RowCount, (what.relation,), counts)] if counts is not None else [what.query(ROWS)]


METRICS = {
    "nullValues": null_values,
    "missingValues": missing_values,
    "invalidValues": invalid_values,
    "duplicateValues": duplicate_values,
    "rowCount": row_count,
}
OLDER = {
    "nullCheck": "nullValues",
    "nullValues": "nullValues",
    "duplicateCount": "duplicateValues",
    "duplicateValues": "duplicateValues",
    "uniqueCheck": "duplicateValues",
    "unique": "duplicateValues",
    "validValues": "invalidValues",
    "rowCount": "rowCount",
    "countCheck": "rowCount",
}
"""The names that rules had before version 3.1."""


def measured(metric: str, what: Measured) -> Iterable[Made] | str:
    """What a metric's rule expects; or why that is not understood."""
    if metric not in METRICS:
        return f"the library has no metric {metric}"
    if not what.bound.numeric:
        return f"a number of values is compared with {flow(list(what.bound.values))}"
    if metric not in {"rowCount", "duplicateValues"} and not what.columns:
        return f"the metric {metric} is of a column, and stands beside none"
    found = METRICS[metric](what)
    if not isinstance(found, str) and what.arguments:
        return f"the metric {metric} has no arguments {', '.join(map(str, what.arguments))}"
    return found


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(literal(("false", "true")[value] if isinstance(value, bool) else str(value)) for value in values)
