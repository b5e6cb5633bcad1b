"""The comparison that a rule on quality makes: `mustBe`, `mustBeLessThan` and the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pgcontract.names import literal
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.integrations.standards.node import Node

OPERATORS = {
    "mustBe": "=",
    "mustNotBe": "<>",
    "mustBeGreaterThan": ">",
    "mustBeGreaterOrEqualTo": ">=",
    "mustBeLessThan": "<",
    "mustBeLessOrEqualTo": "<=",
    "mustBeBetween": "between",
    "mustNotBeBetween": "not between",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What a number must be.

    Attributes:
        sign: As in SQL.
        values: One, or two of a range, which both belong to it.
        percent: Whether it is a share of the rows.
    """

    sign: str
    values: tuple[Any, ...]
    percent: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it compares with numbers, as a count must be."""
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)

    @property
    def none(self) -> bool:
        """Whether it says that a count is zero."""
        value = self.values[0]
        return (
            (self.sign in {"=", "<="} and value == 0)
            or (self.sign == "<" and not self.percent and 0 < value <= 1)
            or (self.sign == "between" and self.values == (0, 0))
        )

    @property
    def least(self) -> Any:
        """The least that is allowed, itself allowed; None where there is no such number."""
        return self.values[0] if self.sign in {"=", ">=", "between"} else None

    @property
    def most(self) -> Any:
        """The most, likewise."""
        return self.values[-1] if self.sign in {"=", "<=", "between"} else None

    def counts(self) -> dict[str, int] | None:
        """As the bounds of a number of rows; None where they are none."""
        value = self.values[0]
        if self.sign == "=" and value == math.floor(value):
            return {"exactly": int(value)}
        if self.sign in {">", ">="}:
            return {"at_least": max(0, math.floor(value) + 1 if self.sign == ">" else math.ceil(value))}
        if self.sign in {"<", "<="}:
            most = math.ceil(value) - 1 if self.sign == "<" else math.floor(value)
            return {"at_most": most} if most >= 0 else None
        if self.sign == "between" and 0 <= self.values[0] <= self.values[1]:
            return {"at_least": math.ceil(value), "at_most": math.floor(self.values[1])}
        return None

    def shares(self) -> dict[str, float] | None:
        """As bounds of a share, 0 to 1; None where it is none, or a strict bound."""
        if not self.percent or self.sign not in {"=", ">=", "<=", "between"}:
            return None
        given = {"at_least": self.least, "at_most": self.most}
        return {name: share(value) for name, value in given.items() if value is not None}

    def sql(self, expression: str) -> str:
        """The comparison as a condition."""
        return f"({expression}) {self.sign} {' and '.join(map(_constant, self.values))}"


def share(percent: Any) -> float:
    """Of so many per cent, exactly as it is written: 5 is 0.05."""
    return float(Decimal(str(percent)) / 100)


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else literal(str(value))


def bound(node: Node) -> Bound | str:
    """What a rule compares with; or why that cannot be told."""
    given = {key: node.take(key) for key in OPERATORS if key in node}
    unit = (node.text("unit") or "rows").strip().lower()
    if len(given) != 1:
        return "no `mustBe…` says what the result must be" if not given else f"{' and '.join(given)} exclude each other"
    ((key, value),) = given.items()
    values = tuple(value) if isinstance(value, list) else (value,)
    if isinstance(value, Mapping) or len(values) != (2 if "etween" in key else 1):
        return f"{key} is no single value"
    if any(isinstance(each, float) and not math.isfinite(each) for each in values):
        return f"{key} is no number"
    return Bound(OPERATORS[key], values, percent=unit in {"percent", "%", "percentage"})
