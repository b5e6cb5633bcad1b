"""Functions in checks, replaced by what they compute where that is one expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.names import split
from pgcontract.synth.expressions import parse
from pgcontract.synth.tree import Call, Column, Node, children, rebuilt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function

_BODIES = {
    "sql": re.compile(r"\s*select\s+(?P<expression>.+?)\s*;?\s*", re.IGNORECASE | re.DOTALL),
    "plpgsql": re.compile(r"\s*begin\s+return\s+(?P<expression>[^;]+?)\s*;\s*end\s*;?\s*", re.IGNORECASE | re.DOTALL),
}
_DEEPEST = 4
_INPUTS = {"in", "inout", "variadic"}


class Reader:
    """Reads checks of a database; what its own functions compute is looked into."""

    def __init__(self, catalog: Catalog) -> None:
        self._functions: Mapping[str, Function] = {
            split(overloads[0].name)[-1]: overloads[0]
            for overloads in catalog.overloads.values()
            if len(overloads) == 1 and overloads[0].extension is None
        }

    def read(self, text: str) -> Node | None:
        """The tree of an expression as Postgres deparses it, or None where it is not understood."""
        node = parse(text)
        return None if node is None else self._looked_into(node, 0)

    def _looked_into(self, node: Node, depth: int) -> Node:
        node = rebuilt(node, tuple(self._looked_into(child, depth) for child in children(node)))
        if isinstance(node, Call) and node.name in self._functions and depth < _DEEPEST:
            inside = self._inside(self._functions[node.name], node.arguments)
            if inside is not None:
                return self._looked_into(inside, depth + 1)
        return node

    def _inside(self, function: Function, arguments: tuple[Node, ...]) -> Node | None:
        """What the function computes from its arguments; None where it is more than an expression."""
        body = _BODIES.get(function.language)
        found = body.fullmatch(_without_comments(function.source)) if body is not None and function.source else None
        node = parse(found["expression"]) if found else None
        names = [argument.name for argument in function.arguments if argument.mode in _INPUTS]
        if node is None or len(names) != len(arguments) or function.kind != "function":
            return None
        given: dict[str, Node] = {f"${at}": argument for at, argument in enumerate(arguments, 1)}
        given |= {name: argument for name, argument in zip(names, arguments, strict=True) if name}
        return _filled(node, given)


def _without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text)


def _filled(node: Node, given: Mapping[str, Node]) -> Node | None:
    """The expression with the arguments in their places; None where it speaks of something else."""
    if isinstance(node, Column):
        return given.get(node.name)
    parts = [_filled(child, given) for child in children(node)]
    return None if any(part is None for part in parts) else rebuilt(node, tuple(part for part in parts if part))
