"""Publications, as pg_publication has them, with what they publish."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Operation = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]

_OPERATIONS: tuple[Operation, ...] = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table that a publication names.

    Attributes:
        name: Its canonical name.
        columns: The columns that are published; empty for all.
        where: The condition that published rows satisfy, as Postgres deparses it.
    """

    name: str
    columns: tuple[str, ...] = ()
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication.

    Attributes:
        all_tables: Whether it publishes every table, those to come among them.
        operations: What it publishes, in the order INSERT, UPDATE, DELETE, TRUNCATE.
        via_root: Whether changes of a partition are published as the partitioned table's.
        published: The tables that it names, by canonical name.
        schemas: The schemas all of whose tables it publishes.
    """

    name: str
    owner: str
    all_tables: bool = False
    operations: tuple[Operation, ...] = _OPERATIONS
    via_root: bool = False
    published: Mapping[str, PublishedTable] = field(default_factory=dict)
    schemas: tuple[str, ...] = ()
    comment: str | None = None


def from_rows(rows: Iterable[tuple[Any, ...]], published: Iterable[tuple[Any, ...]]) -> Iterator[Publication]:
    """The records that the rows of `sql/publications.sql` and `sql/published_tables.sql` make."""
    tables: dict[int, dict[str, PublishedTable]] = defaultdict(dict)
    for oid, schema, table, columns, where in published:
        record = PublishedTable(qualified(schema, table), tuple(columns or ()), where)
        tables[oid][record.name] = record
    for oid, name, owner, all_tables, *flags, via_root, schemas, comment in rows:
        operations: tuple[Operation, ...] = tuple(
            operation for operation, flag in zip(_OPERATIONS, flags, strict=True) if flag
        )
        yield Publication(name, owner, all_tables, operations, via_root, tables[oid], tuple(schemas), comment)


def conditions(publications: Iterable[Publication], table: str) -> Iterator[str | None]:
    """Which of a table's rows are published, by each publication that names it; None for all."""
    return (one.published[table].where for one in publications if table in one.published)
