"""Texts, bytes and the other types that are written as text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from pgcontract.synth.failures import NoValueError
from pgcontract.synth.texts import MORE, long, matcher, matching, prefix, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.synth.kinds import Kind
    from pgcontract.synth.wish import Wish

_TRIES = 40
_FRESH = 8
_NAME_BYTES = 63

# What a check that nobody here understands may want.
GUESSES = (
    "A", "0", "abc", "ann.lee@example.com", "https://example.com/a", "example.com", "a-slug-1", "US", "USD",
    "en", "en-US", "+14155550132", "#a1b2c3", "1.2.3", "2025-06-01", "12:30", "10.0.0.1", "UTC",
    "Europe/London", "ABC-1234", "AB12CD", "12345", "12345-6789", "4111111111111111", "DE89370400440532013000",
    "550e8400-e29b-41d4-a716-446655440000", "/a/b", "a.b.c", "a_b", "Ann Lee", '{"a": 1}', "1",
    "978-3-16-148410-0", "9783161484100", "0 0 * * *", "true", "<p>a</p>", "text/plain",
)  # fmt: skip


def text(kind: Kind, wish: Wish) -> str:
    """A text; the marker stands in it where pattern and length leave room for it."""
    longest = _longest(kind, wish)
    if wish.guess is not None and not wish.limits.patterns:
        return GUESSES[wish.guess % len(GUESSES)][:longest]
    for attempt in range(_TRIES):
        marker = _marker(wish, longest) if attempt < _TRIES // 2 else ""
        found = _written(replace(wish, draw=wish.draw.again(attempt)), attempt, marker, longest)
        if _fits(wish, found, longest):
            return found
    raise NoValueError("no text was found that matches")


def _longest(kind: Kind, wish: Wish) -> int | None:
    own = kind.numbers[0] if kind.numbers else {"character": 1, '"char"': 1, "name": _NAME_BYTES}.get(kind.base)
    limit = wish.limits.longest
    return own if limit is None else limit if own is None else min(own, limit)


def _marker(wish: Wish, longest: int | None) -> str:
    """As much of the marker as has room whole: itself, else its letters and digits, else nothing."""
    for form in (wish.marker, re.sub(r"[^A-Za-z0-9]", "", wish.marker)):
        if longest is None or len(form) <= longest:
            return form
    return ""


def _written(wish: Wish, attempt: int, marker: str, longest: int | None) -> str:
    limits = wish.limits
    wanted = [pattern for pattern, found in limits.patterns if found]
    if len(wanted) > 1 and attempt % 4 == 1:  # the start of one, the end of another
        order = wanted if attempt % 8 == 1 else wanted[::-1]
        texts = [matching(wish.draw, pattern, "", 2) for pattern in order]
        start = prefix(order[0])
        found = start + texts[-1][len(start) :] if start and attempt // 8 % 2 == 0 else "".join(texts)
    elif wanted and attempt % 2 and (limits.shortest or longest is not None):
        found = long(wish.draw, wanted[attempt // 2 % len(wanted)], _length(wish, limits.shortest, longest))
    elif wanted:
        more = 2 * MORE if wish.fresh else (MORE, 2, 2 * MORE, 0)[attempt // 2 % 4]
        found = matching(wish.draw, wanted[attempt % len(wanted)], marker, more, fresh=wish.fresh)
    elif isinstance(limits.low, str) or isinstance(limits.high, str):
        found = _between(wish, limits.low, limits.high, longest)
    else:
        low = max(limits.shortest, min(_FRESH if wish.fresh else 6, longest or _FRESH))
        high = max(low, 10 if longest is None else min(10, longest))
        found = marker or word(wish.draw, low, high)
        if marker and wish.fresh:
            found = f"{marker}-{word(wish.draw, _FRESH, _FRESH)}"
            found = found if longest is None or len(found) <= longest else marker
        found += word(wish.draw, limits.shortest - len(found), limits.shortest - len(found))
    return found.lower() if limits.case == "lower" else found.upper() if limits.case == "upper" else found


def _length(wish: Wish, shortest: int, longest: int | None) -> int:
    """A length within the limits, near the least that makes a text of its own."""
    low = max(shortest, min(_FRESH, longest if longest is not None else _FRESH))
    return wish.draw.integer(low, low + 8 if longest is None else max(low, min(longest, low + 8)))


def _between(wish: Wish, low: str | None, high: str | None, longest: int | None) -> str:
    """A text that stands between two others, by its first letter."""
    first = chr(wish.draw.integer(ord((low or " ")[0]), ord((high or "z")[0])))
    return first + word(wish.draw, 0, 7 if longest is None else min(7, longest - 1))


def _fits(wish: Wish, found: str, longest: int | None) -> bool:
    limits = wish.limits
    return (
        len(found) >= limits.shortest
        and (longest is None or len(found) <= longest)
        and all((matcher(pattern).search(found) is not None) == wanted for pattern, wanted in limits.patterns)
        and limits.within(found)
    )


def octets(_kind: Kind, wish: Wish) -> bytes:
    """Bytes; the marker's where there is one."""
    limits = wish.limits
    high = max(limits.shortest, 8 if limits.longest is None else min(8, limits.longest))
    marker = wish.marker.encode()
    body = marker if limits.longest is None or len(marker) <= limits.longest else b""
    if not body:
        body = bytes(
            wish.draw.integer(0, 255) for _ in range(wish.draw.integer(max(limits.shortest, min(4, high)), high))
        )
    return body + bytes(max(0, limits.shortest - len(body)))


_SPACE = UUID("6f0c8f4e-6d0b-4f6a-9f0d-1d2f4f0f5b1a")


def uuid(_kind: Kind, wish: Wish) -> UUID:
    """A random one of version 4; of a marker, itself if it is one, else the one of version 5 that it names."""
    if wish.marker and not wish.fresh:
        try:
            return UUID(wish.marker)
        except ValueError:
            return uuid5(_SPACE, wish.marker)
    return UUID(int=wish.draw.integer(0, 2**128 - 1), version=4)


def bits(kind: Kind, wish: Wish) -> str:
    """Zeros and ones."""
    length = kind.numbers[0] if kind.numbers else 8 if kind.base == "bit varying" else 1
    return "".join(wish.draw.choice("01") for _ in range(length))


def _number(wish: Wish, high: int = 250) -> int:
    return wish.draw.integer(1, high)


def _floats(kind: Kind, wish: Wish, default: int) -> list[str]:
    return [f"{wish.draw.integer(1, 99) / 100}" for _ in range(kind.numbers[0] if kind.numbers else default)]


def _vector(kind: Kind, wish: Wish) -> str:
    return "[" + ",".join(_floats(kind, wish, 3)) + "]"


def _point(wish: Wish) -> str:
    return f"({_number(wish, 80)},{_number(wish, 80)})"


def _label(wish: Wish) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", wish.marker) or word(wish.draw, 4, 8)


def _address(wish: Wish, last: str) -> str:
    return f"10.{_number(wish)}.{_number(wish)}.{last}"


def _hexes(wish: Wish, count: int) -> str:
    return ":".join(f"{wish.draw.integer(0, 255):02x}" for _ in range(count))


def _geometry(kind: Kind, wish: Wish) -> str:
    srid = f"SRID={kind.numbers[0]};" if kind.numbers else ""
    x, y = _number(wish, 80), _number(wish, 80)
    shapes = {
        "linestring": f"LINESTRING({x} {y},{x + 1} {y})",
        "polygon": f"POLYGON(({x} {y},{x + 1} {y},{x + 1} {y + 1},{x} {y}))",
        "multipolygon": f"MULTIPOLYGON((({x} {y},{x + 1} {y},{x + 1} {y + 1},{x} {y})))",
        "multipoint": f"MULTIPOINT(({x} {y}))",
        "multilinestring": f"MULTILINESTRING(({x} {y},{x + 1} {y}))",
    }
    wanted = kind.modifiers[0].lower() if kind.modifiers else "point"
    return srid + shapes.get(wanted, f"POINT({x} {y})")


WRITTEN: dict[str, Callable[[Kind, Wish], str]] = {
    "inet": lambda _, wish: _address(wish, str(_number(wish))),
    "cidr": lambda _, wish: _address(wish, "0/24"),
    "macaddr": lambda _, wish: _hexes(wish, 6),
    "macaddr8": lambda _, wish: _hexes(wish, 8),
    "xml": lambda _, wish: f"<a>{_label(wish)}</a>",
    "tsvector": lambda _, wish: f"'{_label(wish)}':1",
    "tsquery": lambda _, wish: f"'{_label(wish)}'",
    "point": lambda _, wish: _point(wish),
    "line": lambda _, wish: f"{{1,-1,{_number(wish)}}}",
    "lseg": lambda _, wish: f"[{_point(wish)},(0,0)]",
    "box": lambda _, wish: f"{_point(wish)},(0,0)",
    "path": lambda _, wish: f"[(0,0),{_point(wish)}]",
    "polygon": lambda _, wish: f"((0,0),{_point(wish)},(0,1))",
    "circle": lambda _, wish: f"<{_point(wish)},{_number(wish)}>",
    "jsonpath": lambda _, wish: f'$."{_label(wish)}"',
    "pg_lsn": lambda _, wish: f"0/{wish.draw.integer(1, 2**31):X}",
    "oid": lambda _, wish: str(wish.draw.integer(2**30, 2**31)),
    "xid": lambda _, wish: str(_number(wish)),
    "xid8": lambda _, wish: str(_number(wish)),
    "cid": lambda _, wish: str(_number(wish)),
    "tid": lambda _, wish: f"({_number(wish)},1)",
    "pg_snapshot": lambda *_: "1:1:",
    "txid_snapshot": lambda *_: "1:1:",
    "int2vector": lambda _, wish: str(_number(wish)),
    "oidvector": lambda _, wish: str(_number(wish)),
    "refcursor": lambda _, wish: _label(wish),
    "regclass": lambda *_: "pg_catalog.pg_class",
    "regtype": lambda *_: "pg_catalog.int4",
    "regproc": lambda *_: "pg_catalog.now",
    "regprocedure": lambda *_: "pg_catalog.lower(text)",
    "regoper": lambda *_: "pg_catalog.||/",
    "regoperator": lambda *_: "pg_catalog.+(integer,integer)",
    "regnamespace": lambda *_: "pg_catalog",
    "regrole": lambda *_: "pg_monitor",
    "regcollation": lambda *_: 'pg_catalog."C"',
    "regconfig": lambda *_: "pg_catalog.simple",
    "regdictionary": lambda *_: "pg_catalog.simple",
    "vector": _vector,
    "halfvec": _vector,
    "sparsevec": lambda kind, wish: f"{{1:0.{_number(wish, 9)}}}/{kind.numbers[0] if kind.numbers else 3}",
    "cube": lambda _, wish: f"({_number(wish)})",
    "seg": lambda _, wish: str(_number(wish)),
    "hstore": lambda _, wish: f'"{_label(wish)}"=>"{_label(wish)}"',
    "ltree": lambda _, wish: f"{word(wish.draw, 3, 6)}.{_label(wish)}",
    "lquery": lambda _, wish: f"{_label(wish)}.*",
    "ltxtquery": lambda _, wish: _label(wish),
    "geometry": _geometry,
    "geography": _geometry,
}
"""The other types by their name; a value is in Postgres's own form."""
