"""Comparisons of enums by the order of their labels, written out as lists of labels."""

from __future__ import annotations

from operator import ge, gt, le, lt
from typing import TYPE_CHECKING

from pgcontract.synth.limits import flipped
from pgcontract.synth.tree import Binary, Column, Const, Node, Quantified, children, plain, rebuilt

if TYPE_CHECKING:
    from collections.abc import Mapping

_ORDERED = {"<": lt, "<=": le, ">": gt, ">=": ge}


def listed(node: Node, labels: Mapping[str, tuple[str, ...]]) -> Node:
    """The expression with `column > label` as `column = ANY (the labels after it)`; NULL stays NULL."""
    node = rebuilt(node, tuple(listed(child, labels) for child in children(node)))
    if not isinstance(node, Binary) or node.operator not in _ORDERED:
        return node
    left, right, operator = plain(node.left), plain(node.right), node.operator
    if isinstance(right, Column):
        left, right, operator = right, left, flipped(operator)
    if not isinstance(left, Column) or not isinstance(right, Const) or left.name not in labels:
        return node
    own = labels[left.name]
    if right.value not in own:
        return node
    place = own.index(str(right.value))
    kept = tuple(Const(label) for at, label in enumerate(own) if _ORDERED[operator](at, place))
    return Quantified("=", left, every=False, items=kept)
