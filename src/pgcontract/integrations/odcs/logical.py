"""The logical type of a column, by what Postgres calls its type."""

from __future__ import annotations

import re

_ARGUMENTS = re.compile(r"\s*\([^)]*\)")
_TYPES = {
    **dict.fromkeys(("smallint", "int2", "integer", "int", "int4", "bigint", "int8", "oid"), "integer"),
    **dict.fromkeys(("numeric", "decimal", "real", "float4", "double precision", "float8", "float", "money"), "number"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    "date": "date",
    **dict.fromkeys(("timestamp", "timestamp with time zone", "timestamp without time zone"), "timestamp"),
    "timestamptz": "timestamp",
    **dict.fromkeys(("time", "timetz", "time with time zone", "time without time zone"), "time"),
    **dict.fromkeys(("json", "jsonb"), "object"),
}


def logical(type_: str) -> str:
    """The logical type: of what the standard has no word for `string`, since Postgres has a text for every value.

    >>> logical("numeric(12,2)"), logical("text[]"), logical("uuid")
    ('number', 'array', 'string')
    """
    bare = _ARGUMENTS.sub("", type_.strip().lower()).removeprefix("pg_catalog.")
    return "array" if bare.endswith(("]", " array")) else _TYPES.get(bare, "string")
