"""Where rows are read from: a relation, or a sample of it; and about how much there is to read."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pgcontract.names import split
from pgcontract.records import dataclass
from pgcontract.run.loaded import execute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

_BY_PAGES = 10_000
"""From how many pages on a sample is one of whole pages. Of fewer it would be all or nothing."""

# Partitions and children are read with their parent, and a partitioned table's own number is of all its partitions. A
# table that was never analysed has none.
_SIZES = """
select
    wanted.name,
    pg_catalog.sum(greatest(c.relpages, 0))::pg_catalog.int8,
    pg_catalog.sum(case when c.relkind = 'p' then 0 else greatest(c.reltuples, 0) end)::pg_catalog.int8
from (select pg_catalog.unnest(%s::pg_catalog.text[]), pg_catalog.unnest(%s::pg_catalog.text[]),
        pg_catalog.unnest(%s::pg_catalog.text[])) as wanted (name, schema, relation)
cross join lateral (
    with recursive tree (oid) as (
        select c.oid from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = wanted.schema and c.relname = wanted.relation
        union
        select i.inhrelid from tree as t join pg_catalog.pg_inherits as i on i.inhparent = t.oid
    )
    select oid from tree
) as tree
join pg_catalog.pg_class as c on c.oid = tree.oid
group by wanted.name
"""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a relation by its canonical name, or so many per cent of them; an empty name is no relation."""

    relation: str
    sample: float | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """About how large relations are, as the server last counted: pages and rows, by name."""

    known: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: psycopg.Connection[Any], sources: Iterable[Source]) -> Sizes:
        """The sizes of the relations, asked in one statement."""
        names = sorted({source.relation for source in sources if source.relation})
        parts = [split(name) for name in names]
        rows = execute(connection, _SIZES, [names, *map(list, zip(*parts, strict=True))]).fetchall() if names else []
        return cls({name: (pages, count) for name, pages, count in rows})

    def weight(self, source: Source) -> float:
        """How long it may take to read, in pages."""
        pages, _ = self.known.get(source.relation, (0, 0))
        return 1 + pages

    def words(self, source: Source) -> str:
        """The relation, and about how many rows it has where that is known."""
        _, rows = self.known.get(source.relation, (0, 0))
        many = f", ≈ {_rounded(rows)} rows" if rows else ""
        part = "" if source.sample is None else f" ({source.sample:g} % of it)"
        return f"{source.relation}{part}{many}" if source.relation else "what one scan cannot tell"

    def sql(self, source: Source) -> str:
        """What stands after `from`. A sample is the same each time while the table stays as it is."""
        if source.sample is None:
            return source.relation
        pages, _ = self.known.get(source.relation, (0, 0))
        method = "system" if pages >= _BY_PAGES else "bernoulli"
        return f"{source.relation} tablesample pg_catalog.{method} ({source.sample!r}) repeatable (0)"


def _rounded(count: int) -> str:
    for unit, name in ((10**9, "billion"), (10**6, "million")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count:,}"
