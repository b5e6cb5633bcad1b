"""Types as they are short to write."""

from __future__ import annotations

_SHORT = {
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "character varying": "varchar",
    "double precision": "float8",
}


def short(kind: str) -> str:
    """A type's short name, which Postgres takes as well.

    >>> short("timestamp with time zone[]"), short("character varying(20)")
    ('timestamptz[]', 'varchar(20)')
    """
    for long, brief in _SHORT.items():
        if kind.startswith(long):
            return brief + kind.removeprefix(long)
    return kind
