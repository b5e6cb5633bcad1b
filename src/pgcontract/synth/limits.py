"""What is known of a column's value: bounds, allowed values, patterns, lengths, NULL."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.synth.regex import Node

_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "<>", "<>": "="}


def flipped(operator: str) -> str:
    """The operator that says the same with its sides exchanged."""
    return _FLIPPED.get(operator, operator)


def opposite(operator: str) -> str | None:
    """The comparison that holds where this one does not, or None."""
    return _OPPOSITE.get(operator)


@dataclass(slots=True)
class Limits:
    """What a value has to satisfy; each method narrows it and tells whether anything is left.

    Attributes:
        low: The least value, itself allowed unless `low_open`.
        high: The greatest value, likewise.
        among: The only values allowed, or None for any.
        excluded: Values that are not allowed.
        null: True where it must be NULL, False where it must not, None where either will do.
        patterns: What a text has to match, or (with False) must not.
        shortest: The least length of a text, an array or a json array.
        longest: The greatest length, or None.
        case: `lower` or `upper` where a text has none of the other.
        multiple: What a number is a multiple of, after `remainder` is taken away.
        json_type: What `jsonb_typeof` says.
        fields: The limits of a json object's fields; a field that must be there is not null.
        items: The only elements of an array, or None for any.
        holds: Elements that an array has to hold.
        element: What each element of an array has to satisfy, or None.
        grain: What a time is truncated to: `minute`, `month`, …; or None.
    """

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    among: tuple[Any, ...] | None = None
    excluded: tuple[Any, ...] = ()
    null: bool | None = None
    patterns: tuple[tuple[Node, bool], ...] = ()
    shortest: int = 0
    longest: int | None = None
    case: str | None = None
    multiple: Any = None
    remainder: Any = 0
    json_type: str | None = None
    fields: dict[str, Limits] = field(default_factory=dict)
    items: tuple[Any, ...] | None = None
    holds: tuple[Any, ...] = ()
    element: Limits | None = None
    grain: str | None = None

    def copy(self) -> Limits:
        """One that can be narrowed alone."""
        fields = {name: limits.copy() for name, limits in self.fields.items()}
        return replace(self, fields=fields, element=None if self.element is None else self.element.copy())

    def is_null(self, *, null: bool) -> bool:
        """It is NULL, or it is not."""
        if self.null is not None:
            return self.null == null
        self.null = null
        return True

    def compared(self, operator: str, value: Any) -> bool:
        """`column operator value`, for a value that is not NULL; nothing is left only if NULL is not either."""
        if operator == "=":
            return self.one_of([value])
        if operator == "<>":
            return self.none_of([value])
        if operator in {">", ">="} and (self.low is None or value >= self.low):
            strict = operator == ">"
            self.low_open = strict or (self.low_open and value == self.low)
            self.low = value
        elif operator in {"<", "<="} and (self.high is None or value <= self.high):
            strict = operator == "<"
            self.high_open = strict or (self.high_open and value == self.high)
            self.high = value
        return self._left()

    def one_of(self, values: Sequence[Any]) -> bool:
        """It is one of these values."""
        self.among = tuple(value for value in values if self.among is None or value in self.among)
        return self._left()

    def none_of(self, values: Sequence[Any]) -> bool:
        """It is none of these values."""
        self.excluded += tuple(values)
        return self._left()

    def matched(self, pattern: Node, *, found: bool) -> bool:
        """A text matches, or does not."""
        self.patterns += ((pattern, found),)
        return True

    def long(self, operator: str, length: int) -> bool:
        """`length(column) operator length`."""
        if operator in {">", ">=", "="}:
            self.shortest = max(self.shortest, length + (operator == ">"))
        if operator in {"<", "<=", "="}:
            most = length - (operator == "<")
            self.longest = most if self.longest is None else min(self.longest, most)
        if operator == "<>" and length == 0:
            self.shortest = max(self.shortest, 1)
        return self._left()

    def within(self, value: Any) -> bool:
        """Whether a value that is not NULL respects bounds and lists; patterns and lengths are not looked at."""
        if self.among is not None and value not in self.among:
            return False
        if value in self.excluded:
            return False
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return not (self.high is not None and (value > self.high or (self.high_open and value == self.high)))

    def also(self, other: Limits) -> bool:
        """What is known of another column holds too: the two have to be equal."""
        left = True
        if other.low is not None:
            left = self.compared(">" if other.low_open else ">=", other.low)
        if other.high is not None:
            left = self.compared("<" if other.high_open else "<=", other.high) and left
        if other.among is not None:
            left = self.one_of(other.among) and left
        self.patterns += other.patterns
        self.case = self.case or other.case
        left = self.none_of(other.excluded) and self.long(">=", other.shortest) and left
        return left if other.longest is None else self.long("<=", other.longest) and left

    def _left(self) -> bool:
        """Whether a value is left; if none is, NULL may be."""
        if self._some():
            return True
        if self.null is False:
            return False
        self.null = True
        return True

    def _some(self) -> bool:
        if self.longest is not None and self.longest < self.shortest:
            return False
        if self.among is not None:
            self.among = tuple(value for value in self.among if replace(self, among=None).within(value))
            return bool(self.among)
        if self.low is None or self.high is None:
            return True
        return bool(self.low < self.high or (self.low == self.high and not (self.low_open or self.high_open)))
