"""Rows that break a constraint, guessed from its kind."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.synth import Maker

_MOST = 120
"""Rows that are tried at most."""
_LONGEST = 200_000
"""Characters of a text that is tried at most."""

_NUMBERS = ("-1", "0", "1", "-2147483648", "2147483647")
_TEXTS = ("", " ", "pgcontract", "x" * 300, "@", "http://", "A B", "'")
_TIMES = ("-infinity", "infinity", "1900-01-01", "2000-01-01", "2999-12-31")
_OTHERS = {"boolean": ("false", "true"), "json": ("null", "{}", "[]", "1"), "jsonb": ("null", "{}", "[]", "1")}
_EDGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("smallint", ("-1", "0", "1", "-32768", "32767")),
    ("numeric", ("-1", "0", "1", "-99", "99", "0.001")),
    ("timestamp", _TIMES),
    ("date", _TIMES),
    ("interval", ("-1 year", "0", "100 years")),
    ("text", _TEXTS),
    ("character", _TEXTS),
    ("citext", _TEXTS),
    ("integer", _NUMBERS),
    ("bigint", _NUMBERS),
    ("real", (*_NUMBERS, "NaN")),
    ("double", (*_NUMBERS, "NaN")),
    ("uuid", ("00000000-0000-0000-0000-000000000000",)),
)
_NUMERIC = ("smallint", "integer", "bigint", "numeric", "real", "double")
_LITERAL = re.compile(r"'((?:[^']|'')*)'|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])")
_NOWHERE = {"uuid": "0badc0de-0000-4000-8000-00000000dead", "smallint": "-32767", "bigint": "-900719925474"}


def candidates(
    session: Session, maker: Maker, relation: Relation, constraint: Constraint, given: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Rows that should break a constraint, and little else.

    Args:
        session: Where they are going to be tried.
        maker: Makes other rows, where two have to meet.
        relation: The table.
        constraint: The constraint.
        given: The values of a row that is there, without generated ones.
    """
    if constraint.kind in {"PRIMARY KEY", "UNIQUE", "EXCLUDE"}:
        yield from _again(session, maker, relation, constraint, given)
    elif constraint.kind == "FOREIGN KEY":
        others = {name for key in relation.having("FOREIGN KEY") if key != constraint for name in key.columns}
        alone = [name for name in constraint.columns if name not in others] or constraint.columns
        yield {**given, **{name: _nowhere(relation.columns[name].type) for name in alone}}
    elif constraint.kind == "CHECK":
        yield from _edges(session.catalog, relation, constraint, given)


def _again(
    session: Session, maker: Maker, relation: Relation, constraint: Constraint, given: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Another row with the same key; where none can be made, the same row again.

    What other keys have beside this one's columns is made up: keys are asked before what they refer to.
    """
    key = {name: given[name] for name in constraint.columns or given if name in given}
    wider = (one for one in (*relation.having("PRIMARY KEY"), *relation.having("UNIQUE")) if one != constraint)
    beside = [name for one in wider if key.keys() <= set(one.columns) for name in one.columns if name not in key]
    key |= {name: _nowhere(relation.columns[name].type) for name in beside}
    try:
        with session.trial():
            other = maker.row(relation.name)
            maker.made.get(relation.name, []).remove(other)
        yield {**{name: other.values[name] for name in given}, **key}
    except CannotSynthesise:
        pass
    yield {**given, **key}


def _nowhere(kind: str) -> str:
    """A key that no row has."""
    return _NOWHERE.get(kind, "-2147483647" if kind in {"integer", "numeric"} else "pgcontract: nobody")


def _edges(
    catalog: Catalog, relation: Relation, constraint: Constraint, given: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Values at the edges of their types, and beside those that the check names; first one column, then several."""
    text = constraint.expression or ""
    names = [name for name in relation.columns if name in given and re.search(rf"\b{re.escape(name)}\b", text)]
    pools = {name: _pool(catalog, relation.columns[name].type, text) for name in names}
    single = ({**given, name: value} for name, pool in pools.items() for value in pool)
    several = (
        {**given, **dict(zip(names, values, strict=True))} for values in itertools.product(*pools.values()) if names[1:]
    )
    yield from itertools.islice(itertools.chain(single, several), _MOST)


def _pool(catalog: Catalog, kind: str, text: str) -> list[str | None]:
    named = catalog.types.get(kind)
    if named is not None and named.kind == "enum":
        return [*named.labels]
    base = named.base if named is not None and named.kind == "domain" and named.base else kind
    if base.endswith("[]"):
        return ["{}", *(f'{{"{value}"}}' for value in _texts(text)), "{NULL}", None]
    edges = _OTHERS.get(base) or next((values for prefix, values in _EDGES if base.startswith(prefix)), ())
    near = _near(text) if base.startswith(_NUMERIC) else _texts(text)
    return [*edges, *near, None]


def _texts(text: str) -> list[str]:
    """The texts of an expression, the same altered a little, and texts that are longer than its numbers."""
    found = _LITERAL.findall(text)
    longer = ["x" * (int(bare) + 1) for _, bare in found if bare.isdigit() and int(bare) <= _LONGEST]
    return [*(f"{quoted}{more}" for quoted, _ in found if quoted for more in ("", "x")), *longer]


def _near(text: str) -> list[str]:
    """The numbers of an expression, and those on either side."""
    found = [quoted or bare for quoted, bare in _LITERAL.findall(text)]
    numbers = [float(number) for number in found if re.fullmatch(r"-?\d+(\.\d+)?", number)]
    return [f"{number + step:g}" for number in numbers for step in (0, -1, 1)]
