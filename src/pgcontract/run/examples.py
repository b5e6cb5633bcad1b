"""Examples of the rows that break expectations, fetched while the rows are as they were counted.

Where it is known that only few rows of a relation are wrong, each query for some would have to read most of it until it
meets them; then one scan brings all of them. Where many are wrong, a query soon has enough.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.contract.aggregate import Aggregate
from pgcontract.names import quote
from pgcontract.records import dataclass
from pgcontract.run.refusal import FORBIDDEN, Refusal
from pgcontract.verdict import Examples

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pgcontract.contract.aggregate import ExampleQuery
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.run.reading import Reading
    from pgcontract.run.sources import Source

_LONGEST = 100
"""How many characters of a value are shown."""

_FEW = 1_000
"""So many wrong rows the server may hold in its memory, to give a few of them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expectation that failed, and which rows to show.

    Attributes:
        source: Where they are.
        many: How many there are, where that is known.
    """

    expectation: DataExpectation
    source: Source
    query: ExampleQuery
    many: int | None = None


def shown(reading: Reading, wanted: Iterable[Wanted]) -> dict[DataExpectation, Examples]:
    """Rows to show of each; none where the server refuses, for that they break something is known already.

    Where values may not be shown there are columns alone, and nothing is asked.

    Raises:
        psycopg.OperationalError: The connection was lost.
    """
    if not reading.scanning.values:
        return {each.expectation: Examples(_columns(each.query), (), masked=True) for each in wanted}
    by_source: dict[Source, list[Wanted]] = defaultdict(list)
    for each in wanted:
        by_source[each.source].append(each)
    found: dict[DataExpectation, Examples] = {}
    for source, some in by_source.items():
        together = [each for each in some if _collectable(each)]
        if sum(_read(each, reading.scanning.examples) for each in together) <= 1:
            together = []
        found |= _collected(reading, source, together)
        for each in some:
            if each.expectation not in found and (examples := _fetched(reading, each)) is not None:
                found[each.expectation] = examples
    return found


def _columns(query: ExampleQuery) -> tuple[str, ...]:
    return (*query.key, *_values(query))


def _items(query: ExampleQuery) -> list[str]:
    return [_as_text(sql) for sql in (*query.key.values(), *_values(query).values())]


def _values(query: ExampleQuery) -> Mapping[str, str]:
    """What is shown; a row whose columns nobody has named as one value."""
    return {"row": query.values} if isinstance(query.values, str) else query.values


def _as_text(expression: str) -> str:
    """By the type's own output, which no cast that somebody has made can replace."""
    text = f"pg_catalog.left(pg_catalog.format('%s', {expression}), {_LONGEST + 1})"
    return f"case when {expression} is distinct from null then {text} end"


def _collectable(each: Wanted) -> bool:
    query = each.query
    plain = not query.rest and query.source is None and bool(_columns(query))
    return plain and each.many is not None and each.many <= _FEW


def _read(each: Wanted, wanted: int) -> float:
    """Which share of the relation a query of its own would read, were the rows spread evenly."""
    return min(1, wanted / each.many) if each.many else 1


def _collected(reading: Reading, source: Source, together: Sequence[Wanted]) -> dict[DataExpectation, Examples]:
    """Examples of several expectations by one scan."""
    asked = [(each, _aggregate(each.query, reading.scanning.examples)) for each in together]
    if asked:
        reading.ask({source: [aggregate for _, aggregate in asked]})
    found = [(each, reading.found[source, aggregate]) for each, aggregate in asked]
    return {
        each.expectation: _examples(_columns(each.query), rows or ())
        for each, rows in found
        if not isinstance(rows, Refusal)
    }


def _aggregate(query: ExampleQuery, wanted: int) -> Aggregate:
    rows = f"pg_catalog.array_agg(array[{', '.join(_items(query))}]::pg_catalog.text[])"
    return Aggregate(f"({rows} filter (where {query.where}\n))[1:{wanted}]", of=query.of, sample=query.sample)


def _fetched(reading: Reading, each: Wanted) -> Examples | None:
    """Examples of one expectation by a query of its own; without a key that the role may not read."""
    query = _described(reading, each)
    if not _columns(query):
        return None
    rows = reading.rows(
        each.source,
        f"select {', '.join(_items(query))}\nfrom {query.source or reading.after_from(each.source)}\n"
        f"where {query.where}\n{query.rest}\nlimit {reading.scanning.examples}",
    )
    if isinstance(rows, Refusal):
        keyless = replace(each, query=replace(query, key={}))
        return _fetched(reading, keyless) if rows.sqlstate == FORBIDDEN and query.key else None
    return _examples(_columns(query), rows)


def _described(reading: Reading, each: Wanted) -> ExampleQuery:
    """The query with the columns of its source by name, where each has one of its own."""
    alias = each.query.values
    if not isinstance(alias, str):
        return each.query
    names = reading.rows(
        each.source,
        "select pg_catalog.json_object_keys(pgc_row) from "
        f"(select pg_catalog.row_to_json({alias}) as pgc_row from {each.query.source} limit 1) as pgc_first",
    )
    if isinstance(names, Refusal) or len(set(names)) < len(names):
        return each.query
    return replace(each.query, values={name: f"{alias}.{quote(name)}" for (name,) in names})


def _examples(columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Examples:
    return Examples(tuple(columns), tuple(tuple(map(_short, row)) for row in rows))


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
