"""Functions that speak of the principal: those that say who it is, and those that ask something about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.isolation.expressions import Text, reduce

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog

_ALIAS = re.compile(
    r"\s*(?:begin\s+)?(?:return\s+|select\s+)?(?:coalesce\s+)?(«[^»]+»)(?:\s*,\s*(?:⟦[^⟧]*⟧|null))?(?:\s+as\s+\w+)?\s*;?\s*(?:end\s*;?)?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrincipalFunctions:
    """The functions of a database that speak of the principal.

    Attributes:
        tokens: For a name, with and without its schema, what it stands for: `«uid»`, or `«fn:public.is_member»`.
        bodies: The reduced bodies, by signature; of every function that has a readable one.
    """

    tokens: Mapping[str, str]
    bodies: Mapping[str, Text]


def principal_functions(catalog: Catalog) -> PrincipalFunctions:
    """Read the bodies, until no more function is found to speak of the principal through another."""
    tokens: dict[str, str] = {}
    bodies: dict[str, Text] = {}
    for _ in range(4):
        known = len(tokens)
        bodies = {signature: reduce(source, tokens) for signature, source in _sources(catalog)}
        for signature, body in bodies.items():
            function = catalog.functions[signature]
            if not body.speaks or function.returns == "trigger":
                continue
            alias = _ALIAS.fullmatch(body.text) if not function.types else None
            token = alias.group(1) if alias else f"«fn:{function.name}»"
            tokens.setdefault(function.name, token)
            tokens.setdefault(function.name.rpartition(".")[2], token)
        if len(tokens) == known:
            break
    return PrincipalFunctions(tokens, bodies)


def _sources(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for signature, function in catalog.functions.items():
        if function.source and function.language in {"sql", "plpgsql"} and not function.name.startswith("auth."):
            yield signature, function.source
