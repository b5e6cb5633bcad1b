"""A comparison between columns, turned so that one column stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.limits import flipped
from pgcontract.synth.tree import Binary, Column, Node, columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def isolated(node: Binary, column: str, row: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The operator and the value that the column is compared with, from what is drawn already; None where unknown.

    `ends - starts <= '8 hours'` says of `ends` that it is at most `starts + '8 hours'`.
    """
    operator, left, right = node.operator, plain(node.left), node.right
    if column in columns(right):
        if column in columns(left):
            return None
        operator, left, right = flipped(operator), plain(right), node.left
    while not isinstance(left, Column):
        step = _undone(left, right, column, operator)
        if step is None:
            return None
        operator, left, right = step
    value = evaluate(right, row)
    return None if value is UNKNOWN else (operator, value)


def _undone(left: Node, right: Node, column: str, operator: str) -> tuple[str, Node, Node] | None:
    """One operation fewer on the column's side."""
    if not isinstance(left, Binary):
        return None
    first, second = left.left, left.right
    inside = column in columns(first)
    if inside == (column in columns(second)):
        return None
    match left.operator:
        case "+":
            return operator, plain(first if inside else second), Binary("-", right, second if inside else first)
        case "-" if inside:
            return operator, plain(first), Binary("+", right, second)
        case "-":
            return flipped(operator), plain(second), Binary("-", first, right)
        case "*" if operator == "=" or not columns(second if inside else first):
            return operator, plain(first if inside else second), Binary("/", right, second if inside else first)
        case _:
            return None
