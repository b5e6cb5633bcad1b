"""What an expression says, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

Literal: TypeAlias = "str | int | Decimal | bool | None"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a domain's `VALUE`."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; text stays text, whatever it is cast to."""

    value: Literal


@dataclass(frozen=True, slots=True)
class Cast:
    """`operand::type`."""

    operand: Node
    type: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function by the last part of its name, or a special form (`extract`, `position`, `coalesce`)."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator that is neither AND nor OR: `=`, `<`, `~*`, `->>`, `is distinct from`, …."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`left operator ANY (array)`, or ALL; `items` are the array's elements, or one node that is an array."""

    operator: str
    left: Node
    every: bool
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """`ARRAY[…]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Is:
    """`operand IS [NOT] word`: null, true, false."""

    operand: Node
    word: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """`CASE WHEN … THEN … ELSE … END`; a simple CASE has become a searched one."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


Node: TypeAlias = "Column | Const | Cast | Call | Binary | Quantified | Array | And | Or | Not | Is | Case"


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Cast(operand) | Not(operand) | Is(operand):
            return (operand,)
        case Call(_, arguments):
            return arguments
        case Binary(_, left, right):
            return left, right
        case Quantified(_, left, _, items):
            return left, *items
        case Array(items) | And(items) | Or(items):
            return items
        case Case(branches, otherwise):
            return *(part for branch in branches for part in branch), otherwise
        case _:
            return ()


def columns(node: Node) -> frozenset[str]:
    """The columns that the expression speaks of."""
    return frozenset(_columns(node))


def _columns(node: Node) -> Iterator[str]:
    if isinstance(node, Column):
        yield node.name
    for child in children(node):
        yield from _columns(child)


def calls(node: Node) -> bool:
    """Whether a function stands in it, which cannot be undone as arithmetic can."""
    return isinstance(node, Call) or any(calls(child) for child in children(node))


def plain(node: Node) -> Node:
    """The node without casts around it."""
    while isinstance(node, Cast):
        node = node.operand
    return node


def rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    """The node with other nodes directly below, as many as `children` gives and in their order."""
    match node:
        case Cast() | Not() | Is():
            return replace(node, operand=parts[0])
        case Call():
            return replace(node, arguments=parts)
        case Binary():
            return replace(node, left=parts[0], right=parts[1])
        case Quantified():
            return replace(node, left=parts[0], items=parts[1:])
        case Array() | And() | Or():
            return replace(node, items=parts)
        case Case():
            return Case(tuple(zip(parts[:-1:2], parts[1:-1:2], strict=True)), parts[-1])
        case _:
            return node


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The expression with other names for its columns."""
    if isinstance(node, Column):
        return Column(names.get(node.name, node.name))
    return rebuilt(node, tuple(renamed(child, names) for child in children(node)))
