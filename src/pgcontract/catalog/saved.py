"""A catalog as JSON: saved today, verified or compared tomorrow, without the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pgcontract.catalog.catalog import Catalog
from pgcontract.errors import PgContractError

FORMAT = "pgcontract.catalog/1"
"""The format's name and version, which stands first in a saved catalog."""

# Computed from the rest, or only good for one contract.
_NOT_SAVED = frozenset({"tables", "overloads", "forms"})


def dump(catalog: Catalog) -> str:
    """The catalog as JSON text; two reads of the same database give the same text."""
    return json.dumps({"format": FORMAT, **_plain(catalog)}, indent=1, ensure_ascii=False) + "\n"


def load(text: str) -> Catalog:
    """The catalog that was saved as the text.

    Raises:
        PgContractError: It is not a saved catalog, or one of a format that this version does not read.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise PgContractError(f"this is not a saved catalog: it is not JSON ({error})") from None
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        said = f"its format is {found!r}" if found else "it names no format"
        raise PgContractError(
            f"this is not a saved catalog: {said}, not {FORMAT!r}", hint="Save it again by `snapshot`."
        )
    del content["format"]
    try:
        return _adapter().validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise PgContractError(f"this saved catalog is damaged at {place}: {first['msg'].lower()}") from None


@cache
def _adapter() -> TypeAdapter[Catalog]:
    return TypeAdapter(Catalog)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name not in _NOT_SAVED
        }
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
