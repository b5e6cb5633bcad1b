"""Functions that a policy calls with arguments, and what their bodies then compare with what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.isolation.expressions import TOKEN, Text, reduce
from pgcontract.names import commas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.isolation.principal_functions import PrincipalFunctions


def calls(catalog: Catalog, expression: str, functions: PrincipalFunctions) -> Iterator[tuple[Function, list[str]]]:
    """The functions that an expression calls, each with its arguments reduced: columns, tokens, or something else."""
    for name, overloads in catalog.overloads.items():
        if name.startswith("auth.") or name.rpartition(".")[2] not in expression:
            continue
        bare = re.escape(name.rpartition(".")[2])
        for found in re.finditer(rf"(?<![\w]){bare}\(", expression):
            arguments = list(commas(_inside(expression, found.end())))
            for function in overloads:
                if len(function.types) >= len(arguments) > 0:
                    yield function, [reduce(argument, functions.tokens).text.strip() for argument in arguments]


def _inside(text: str, start: int) -> str:
    """What stands between a bracket that has been opened and its twin."""
    depth, position, quoted = 1, start, False
    while position < len(text) and depth:
        char = text[position]
        if char == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(char, 0)
        position += 1
    return text[start : position - 1]


def bound(function: Function, arguments: list[str], functions: PrincipalFunctions) -> Text | None:
    """The body with its arguments in the place of its parameters; None where there is no body to read."""
    body = functions.bodies.get(function.signature)
    if body is None:
        return None
    names = [argument.name for argument in function.arguments if argument.mode in {"in", "inout", "variadic"}]
    pieces = re.split(f"({TOKEN.pattern})", body.text)
    own = re.escape(function.name.rpartition(".")[2])
    for number, (name, argument) in enumerate(zip(names, arguments, strict=False), start=1):
        if not TOKEN.fullmatch(argument) and not re.fullmatch(r"[\w.]+", argument):
            continue
        plain = argument if argument.startswith("«") else f"caller.{argument.rpartition('.')[2]}"
        written = rf"\${number}(?!\d)" + (rf"|(?<![\w.])(?:{own}\.)?{re.escape(name)}(?![\w.])" if name else "")
        pieces = [
            piece if TOKEN.fullmatch(piece) else re.sub(written, lambda _, plain=plain: plain, piece)
            for piece in pieces
        ]
        pieces = re.split(f"({TOKEN.pattern})", "".join(pieces))
    return Text("".join(pieces), {**body.relations, "caller": ""})
