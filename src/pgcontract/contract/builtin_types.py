"""Postgres's own types under their other names, so far as that can be told without a server."""

from __future__ import annotations

import re

_NAMES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "boolean",
    "float8": "double precision",
    "float4": "real",
    "float": "double precision",
    "decimal": "numeric",
    "dec": "numeric",
    "varchar": "character varying",
    "char varying": "character varying",
    "char": "character",
    "nchar": "character",
    "national character": "character",
    "national char": "character",
    "national character varying": "character varying",
    "national char varying": "character varying",
    "nchar varying": "character varying",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timestamp without time zone": "timestamp",
    "timetz": "time with time zone",
    "time without time zone": "time",
}
_OTHERS = (
    "text uuid json jsonb bytea date interval name money xml inet cidr macaddr macaddr8 bit point line lseg box path "
    "polygon circle tsvector tsquery oid"
)
_KNOWN = frozenset({*_NAMES.values(), *_OTHERS.split()})
# Types of well-known extensions that are no slip of the pen.
_OF_EXTENSIONS = frozenset({"ulid", "int1"})
_SHORTEST = 4
"""Letters of a name in which one that is wrong is noticed: shorter ones are like many others."""
_DIGITS_OF_REAL = 24
_SHAPE = re.compile(
    r"(?P<name>[a-z][a-z0-9 ]*?) ?(?P<modifier>\([^()]*\))?(?P<zone> with(?:out)? time zone)?(?P<array>(?:\[\d*\])*)"
)


def builtin(text: str) -> str | None:
    """The one name of a type of Postgres's own; None for any other type, which only the server can tell apart.

    >>> builtin("INT8"), builtin("decimal(12, 2)"), builtin("timestamptz(3)[]"), builtin("mood")
    ('bigint', 'numeric(12,2)', 'timestamp with time zone(3)[]', None)
    """
    shape = _shape(text)
    if shape is None:
        return None
    written = f"{shape['name']}{shape['zone'] or ''}"
    name = _NAMES.get(written, written)
    if name not in _KNOWN:
        return None
    if written == "float" and shape["modifier"] is not None:
        return _float(shape["modifier"], "[]" if shape["array"] else "")
    return f"{name}{_modifier(name, shape['modifier'])}{'[]' if shape['array'] else ''}"


def misspelt(text: str) -> str | None:
    """The type of Postgres's own that is one slip of the pen away from a bare name of another type, if there is one.

    >>> misspelt("bigintt[]"), misspelt("timestampz"), misspelt("uudi"), misspelt("citext"), misspelt("text")
    ('bigint', 'timestamptz', 'uuid', None, None)
    """
    shape = _shape(text)
    if shape is None or builtin(text) is not None or len(shape["name"]) < _SHORTEST or shape["name"] in _OF_EXTENSIONS:
        return None
    near = sorted(known for known in {*_NAMES, *_KNOWN} if _one_slip(shape["name"], known))
    return max(near, key=len, default=None)


def _float(precision: str, array: str) -> str | None:
    """`float(n)` by its binary digits: up to 24 have room in a `real`."""
    digits = precision[1:-1]
    if not digits.isdecimal():
        return None
    return f"{'real' if int(digits) <= _DIGITS_OF_REAL else 'double precision'}{array}"


def _one_slip(written: str, meant: str) -> bool:
    """Whether a letter is too much, missing, wrong, or has changed places with the next; the first one is right."""
    same = next((n for n, (one, other) in enumerate(zip(written, meant, strict=False)) if one != other), None)
    if same is None:
        return abs(len(written) - len(meant)) == 1
    one, other = written[same:], meant[same:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return same > 0 and (one[1:] == other or one == other[1:] or one[1:] == other[1:] or swapped)


def _shape(text: str) -> re.Match[str] | None:
    """The parts of a type's name, in lower case, with blanks only where they part words."""
    plain = re.sub(r" ?([(),\[\]]) ?", r"\1", " ".join(text.lower().split())).removeprefix("pg_catalog.")
    return _SHAPE.fullmatch(re.sub(r"\)(?=w)", ") ", plain))


def _modifier(name: str, written: str | None) -> str:
    """What stands between brackets, as Postgres says it: `numeric(12)` is `numeric(12,0)`."""
    if written is None:
        return "(1)" if name in {"character", "bit"} else ""
    return f"{written[:-1]},0)" if name == "numeric" and "," not in written else written
