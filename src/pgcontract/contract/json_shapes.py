"""What the keywords of JSON Schema are said with: a schema that is none is refused when the contract is read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Shape: TypeAlias = "tuple[str, Callable[[Any], bool]]"


def fault(keyword: str, said: Any) -> str | None:
    """What the keyword should be said with, in words that follow "is not"; None where it is."""
    words, fits = _SHAPES.get(keyword, ("anything", lambda _: True))
    return None if fits(said) else words


def _is_number(said: Any) -> bool:
    return (isinstance(said, float) and math.isfinite(said)) or (isinstance(said, int) and not isinstance(said, bool))


def _is_text(said: Any) -> bool:
    """Postgres has no NUL, and no half of a character."""
    return isinstance(said, str) and "\0" not in said and not any("\ud800" <= letter <= "\udfff" for letter in said)


def _is_list_of_texts(said: Any) -> bool:
    return isinstance(said, list) and all(map(_is_text, said))


_NUMBER: _Shape = ("a number", _is_number)
_COUNT: _Shape = ("a whole number from 0", lambda said: _is_number(said) and said >= 0 and said % 1 == 0)
_PARTS: _Shape = ("an object", lambda said: isinstance(said, dict) and all(map(_is_text, said)))
_SHAPES: Mapping[str, _Shape] = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _NUMBER),
    "multipleOf": ("a number above 0", lambda said: _is_number(said) and said > 0),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _COUNT),
    **dict.fromkeys(("minContains", "maxContains"), _COUNT),
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), _PARTS),
    "pattern": ("a text", _is_text),
    "prefixItems": ("a list of one at least", lambda said: isinstance(said, list) and bool(said)),
    "required": ("a list of texts", _is_list_of_texts),
    "dependentRequired": (
        "an object of lists of texts",
        lambda said: _PARTS[1](said) and all(map(_is_list_of_texts, said.values())),
    ),
    "uniqueItems": ("true or false", lambda said: isinstance(said, bool)),
}
