r"""Identifiers: read them as people write them, write them as Postgres quotes them, and find the nearest.

A name in a contract is what psql's ``\d`` shows. It needs double quotes only where it holds a dot, a double quote, a
bracket or a comma, as SQL quotes them; capitals are kept, never folded, so ``User`` means ``"User"``.

One text form serves everywhere: the *canonical* one, quoted exactly where Postgres's ``quote_ident`` would quote.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The words that quote_ident quotes: every keyword of PostgreSQL 13 to 18 that is not "unreserved"
# (pg_get_keywords(); a test asks the server).
_KEYWORDS = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
    char character check coalesce collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
    desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
    grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
    json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
    lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize
    not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision
    primary real references returning right row select session_user setof similar smallint some substring symmetric
    system_user table tablesample then time timestamp to trailing treat trim true union unique user using values
    varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest
    xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
    """.split()  # noqa: SIM905 - words that people look up, as Postgres's documentation lists them
)
_SCHEMA_AND_NAME = 2
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')
_BARE = re.compile(r'[^".(),]+')
_BRACKETS = re.compile(r"""[()]|"[^"]*"|'[^']*'""")


@lru_cache(maxsize=65536)
def quote(name: str) -> str:
    """The name as an SQL identifier, quoted only where Postgres's ``quote_ident`` would.

    >>> quote("users"), quote("User"), quote("order")
    ('users', '"User"', '"order"')
    """
    if _PLAIN.fullmatch(name) and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """``schema.name``, each part quoted where it must be."""
    return f"{quote(schema)}.{quote(name)}"


def escaped(sql: str) -> str:
    """SQL with its per cent signs doubled, for a driver that looks for placeholders because there are parameters."""
    return sql.replace("%", "%%")


def literal(value: str) -> str:
    """The text as an SQL string literal that means the same whatever ``standard_conforming_strings`` is."""
    doubled = value.replace("'", "''")
    return f"E'{doubled.replace(chr(92), chr(92) * 2)}'" if "\\" in value else f"'{doubled}'"


@lru_cache(maxsize=65536)
def split(text: str) -> tuple[str, ...]:
    """The parts of a dotted name, without their quotes.

    >>> split('public."Weird.name"')
    ('public', 'Weird.name')

    Raises:
        ValueError: The text is not a dotted name; the message says what is wrong.
    """
    parts = []
    position = 0
    while True:
        found = _QUOTED.match(text, position) or _BARE.match(text, position)
        if found is None:
            raise ValueError(f"{text!r} is not a name: {_complaint(text, position)}")
        part = found.group(1).replace('""', '"') if found.re is _QUOTED else found.group()
        if "\0" in part or (found.re is _BARE and part != part.strip()):
            raise ValueError(f"{text!r} is not a name: blanks at its edge need double quotes")
        parts.append(part)
        position = found.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            raise ValueError(f"{text!r} is not a name: {_complaint(text, position)}")
        position += 1


def _complaint(text: str, position: int) -> str:
    if position >= len(text):
        return "a part is empty"
    return f"unexpected {text[position]!r} at character {position + 1}; write the part in double quotes"


@lru_cache(maxsize=65536)
def canonical(text: str, schema: str | None = None) -> str:
    """The canonical form of ``name`` or ``schema.name``; a bare name is put into ``schema`` when one is given.

    >>> canonical("users", "public"), canonical('app."Order"')
    ('public.users', 'app."Order"')

    Raises:
        ValueError: The text is not a name, or has more than two parts.
    """
    parts = split(text)
    if len(parts) > _SCHEMA_AND_NAME:
        raise ValueError(f"{text!r} has {len(parts)} parts; write name or schema.name, quoting a part that holds a dot")
    if len(parts) == 1 and schema is not None:
        parts = (schema, parts[0])
    return ".".join(map(quote, parts))


def commas(text: str) -> Iterator[str]:
    """The pieces of a list between its outermost commas, stripped; quotes and brackets are respected.

    >>> list(commas("numeric(12,2), text"))
    ['numeric(12,2)', 'text']
    """
    depth, start, quoted = 0, 0, ""
    for position, char in enumerate(text):
        if quoted:
            quoted = "" if char == quoted else quoted
        elif char in "\"'":
            quoted = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    if text[start:].strip():
        yield text[start:].strip()


def signature(text: str, schema: str | None = None) -> tuple[str, tuple[str, ...] | None]:
    """A function's canonical name and its argument types as written; None where no bracket was written.

    >>> signature("increment_usage(uuid, text)", "public")
    ('public.increment_usage', ('uuid', 'text'))

    Raises:
        ValueError: The text is not a function signature.
    """
    name, bracket, rest = _before_bracket(text)
    if not bracket:
        return canonical(name.strip(), schema), None
    inside, closing, after = rest.rpartition(")")
    if not closing or after.strip():
        raise ValueError(f"{text!r} is not a function signature: the closing bracket is missing")
    if _unbalanced(inside):
        raise ValueError(f"{text!r} is not a function signature: its brackets do not match")
    types = tuple(commas(f"{inside},")) if inside.strip() else ()
    if "" in types:
        raise ValueError(f"{text!r} is not a function signature: a type is missing beside a comma")
    return canonical(name.strip(), schema), types


def _unbalanced(text: str) -> bool:
    depth = 0
    for piece in _BRACKETS.findall(text):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth < 0:
            return True
    return depth != 0


def _before_bracket(text: str) -> tuple[str, str, str]:
    quoted = False
    for position, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == "(" and not quoted:
            return text[:position], "(", text[position + 1 :]
    return text, "", ""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was perhaps meant: equal but for case first, then the closest spelling; None if none is."""
    known = list(candidates)
    folded = name.casefold().replace('"', "")
    for candidate in known:
        if candidate.casefold().replace('"', "") == folded and candidate != name:
            return candidate
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return close[0] if close else None


def perhaps(name: str, candidates: Iterable[str]) -> str | None:
    """The hint that names the nearest candidate, or None."""
    near = nearest(name, candidates)
    return None if near is None else f"Perhaps you meant {near}."
