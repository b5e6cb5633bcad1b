"""Comparisons in words: two values, a value and several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.records import dataclass
from pgcontract.report.words.pieces import Words, listed, say
from pgcontract.report.words.tree import Among, Cast, Comparison, Elements, Literal, Name, Node, Query
from pgcontract.report.words.values import NotSaidError, Sight, value

if TYPE_CHECKING:
    from collections.abc import Callable

_ORDERS = {"<": "less than", ">": "greater than", "<=": "at most", ">=": "at least"}
_TIME_ORDERS = {"<": "before", ">": "after", "<=": "at or before", ">=": "at or after"}
_TURNED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<=", "@>": "<@", "<@": "@>"}


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is compared, the left one in words already."""

    first: Words
    left: Node
    right: Node
    sight: Sight
    one_of: Callable[[Query, Sight], Words]

    @property
    def second(self) -> Words:
        """The right one in words."""
        right, sight = self.right, self.sight
        if isinstance(right, Query) and right.sources:
            return self.one_of(right, sight)
        if len(sight.aliases) == 1 and sight.is_inner(right):
            return say("its own {}", value(right, sight, bare=True))
        return value(right, sight)


def compared(
    node: Comparison | Among, sight: Sight, one_of: Callable[[Query, Sight], Words], *, bare: bool = False
) -> Words:
    """A comparison in words.

    Args:
        node: The comparison.
        sight: From where it is looked at.
        one_of: What says which value a query selects.
        bare: Whether it stands after `whose`.

    Raises:
        NotSaidError: There are no words for it.
    """
    if isinstance(node, Among):
        return _among(node, sight, one_of, bare=bare)
    left, operator, right = node.left, node.operator, node.right
    if operator in _TURNED and _weight(right, sight) > _weight(left, sight):
        left, operator, right = right, _TURNED[operator], left
    if any(map(_is_null, (left, right))) or (is_literal(left) and is_literal(right)):
        raise NotSaidError
    if operator not in _SAYINGS and operator not in _ORDERS:
        raise NotSaidError
    sides = _Sides(value(left, sight, bare=bare), left, right, sight, one_of)
    return _SAYINGS[operator](sides) if operator in _SAYINGS else _ordered(sides, operator)


def _weight(node: Node, sight: Sight) -> int:
    """What had better be the subject: a column of what is looked up, the row's own, what the caller brings."""
    while isinstance(node, Cast):
        node = node.operand
    if isinstance(node, Name):
        return 3 if sight.is_inner(node) else 2
    return 0 if isinstance(node, Literal) else 1


def _ordered(sides: _Sides, operator: str) -> Words:
    second = sides.second
    if sides.first[0].raw and second[-1].raw:
        raise NotSaidError
    time = second in {say("now"), say("today")}
    return say("{} is " + (_TIME_ORDERS if time else _ORDERS)[operator] + " {}", sides.first, second)


def _equal(sides: _Sides) -> Words:
    first, second = sides.first, sides.second
    both = first[-1].code and second[0].code and not is_literal(sides.right)
    if both and (first[-1].raw or second[0].raw):
        raise NotSaidError  # SQL on both sides is best read as the SQL that it is
    return say("{} equals {}" if both else "{} is {}", first, second)


def _is_null(node: Node) -> bool:
    while isinstance(node, Cast):
        node = node.operand
    return isinstance(node, Literal) and node.sql == "null"


def is_literal(node: Node) -> bool:
    """Whether it is a literal, be it cast, other than NULL."""
    while isinstance(node, Cast):
        node = node.operand
    return isinstance(node, Literal) and node.sql != "null"


def _unequal(sides: _Sides) -> Words:
    if not is_literal(sides.right):
        raise NotSaidError  # either may be NULL
    said = "{} is not {}" if sides.sight.not_null(sides.left) else "{} is set and is not {}"
    return say(said, sides.first, sides.second)


def _distinct(sides: _Sides) -> Words:
    return say("{} differs from {}, where being unset is a value too", sides.first, sides.second)


def _not_distinct(sides: _Sides) -> Words:
    return say("{} is (or is unset like) {}", sides.first, sides.second)


def _like(sides: _Sides) -> Words:
    if not is_literal(sides.right):
        raise NotSaidError
    return say("{} matches the pattern {}", sides.first, sides.second)


def _like_any_case(sides: _Sides) -> Words:
    return say("{} in whatever case", _like(sides))


def _contains(sides: _Sides) -> Words:
    column = sides.sight.column(sides.left) if isinstance(sides.left, Name) else None
    right = sides.right
    while isinstance(right, Cast):
        right = right.operand
    if column is None or not column.type.endswith("[]") or not isinstance(right, Elements) or not right.items:
        raise NotSaidError
    return say("{} contains {}", sides.first, listed([value(item, sides.sight) for item in right.items]))


_SAYINGS: dict[str, Callable[[_Sides], Words]] = {
    "=": _equal,
    "<>": _unequal,
    "~~": _like,
    "~~*": _like_any_case,
    "@>": _contains,
    "IS DISTINCT FROM": _distinct,
    "IS NOT DISTINCT FROM": _not_distinct,
}


def _among(node: Among, sight: Sight, one_of: Callable[[Query, Sight], Words], *, bare: bool) -> Words:
    left, right = node.left, node.right
    while isinstance(right, Cast):
        right = right.operand
    first = value(left, sight, bare=bare)
    match node.operator, node.every, right:
        case "=", False, Query(sources=()) if right.item is not None:
            return say("{} is among what {} returns", first, value(right.item, sight))
        case "=", False, Query():
            return say("{} is {}", first, one_of(right, sight))
        case "=", False, Elements(items=items) if items:
            return say("{} is {}", first, _choice(items, sight, "one of {}", "{}"))
        case "<>", True, Elements(items=items) if items and all(map(is_literal, items)):
            said = "{} is {}" if sight.not_null(left) else "{} is set and is {}"
            return say(said, first, _choice(items, sight, "none of {}", "not {}"))
        case "=", False, Name():
            return say("{} contains {}", value(right, sight, bare=bare), value(left, sight))
        case _:
            raise NotSaidError


def _choice(items: tuple[Node, ...], sight: Sight, several: str, one: str) -> Words:
    if any(map(_is_null, items)):
        raise NotSaidError
    return say(several if len(items) > 1 else one, listed([value(item, sight) for item in items]))
