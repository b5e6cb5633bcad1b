"""JSON Schema as an SQL condition on a jsonb value.

Draft 2020-12, https://json-schema.org/draft/2020-12/json-schema-validation: all of its assertions but those that need a
walk without an end (a `$ref` to itself, `$dynamicRef`) or remember what others have looked at (`unevaluated…`). What
is not understood is refused, never passed over: a keyword that nobody checks would pass everything. `format` is an
annotation, as the draft has it. Patterns are Postgres's own regular expressions, which agree with JavaScript's on
what schemas usually write.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from pgcontract.contract.json_keywords import (
    ANNOTATIONS,
    OF_ALL,
    OF_PARTS,
    OF_TYPE,
    WITH_OTHERS,
    UnknownKeywordError,
    chosen,
    if_type,
)
from pgcontract.contract.json_shapes import fault


def condition(schema: Any, value: str) -> str:
    """Whether a jsonb value, an SQL expression that is not NULL, is valid: true or false, never NULL.

    Raises:
        UnknownKeywordError: It is no JSON Schema, or has a keyword that is not understood; the message says where.
    """
    return _Writer(schema).written(schema, value, "#", ())


class _Writer:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._numbers = count(1)

    def written(self, schema: Any, value: str, place: str, above: tuple[str, ...]) -> str:
        """The condition of one schema. `above` are the references that led here."""
        if isinstance(schema, bool):
            return "true" if schema else "false"
        if not isinstance(schema, dict):
            raise UnknownKeywordError(f"{place}: a schema is an object, true or false")
        tests = [self._keyword(schema, name, value, place, above) for name in schema]
        return " and ".join(f"({test})" for test in tests if test is not None) or "true"

    def _keyword(self, schema: dict[str, Any], name: str, value: str, place: str, above: tuple[str, ...]) -> str | None:
        said, here = schema[name], f"{place}/{name}"
        if words := fault(name, said):
            raise UnknownKeywordError(f"{here}: is not {words}")
        if name in ANNOTATIONS or name in WITH_OTHERS:
            return None

        def inner(sub: Any, of: str) -> str:
            return self.written(sub, of, here, above)

        if name == "$ref":
            return self._referred(said, value, here, above)
        if name in OF_ALL:
            return OF_ALL[name](said, value, here, inner)
        if name == "if":
            return chosen(schema, value, inner)
        if name in OF_TYPE:
            type_, test = OF_TYPE[name]
            return if_type(value, type_, test(said, value, here))
        if name in OF_PARTS:
            type_, parts = OF_PARTS[name]
            return if_type(value, type_, parts(schema, value, f"x{next(self._numbers)}", inner))
        raise UnknownKeywordError(f"{here}: the keyword is not understood, and so would not be checked")

    def _referred(self, reference: Any, value: str, place: str, above: tuple[str, ...]) -> str:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise UnknownKeywordError(f"{place}: only references into the same schema are followed")
        if reference in above:
            raise UnknownKeywordError(f"{place}: {reference} refers to itself, which a condition cannot follow")
        found = self._root
        for part in reference.lstrip("#").split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or key not in found:
                raise UnknownKeywordError(f"{place}: there is no {reference}")
            found = found[key]
        return self.written(found, value, reference, (*above, reference))
