"""What the catalog tells of the tables that are looked at: which columns are keys, and which seem to refer to some."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.expectations.views import ViewExists
from pgcontract.lifecycle.profile.guesses import is_id, is_personal, referred
from pgcontract.lifecycle.profile.known import Known, known
from pgcontract.lifecycle.profile.measures import can_be_told_apart
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.sources import Sizes

PROPOSED = "proposed"
"""The tag that every proposal has."""

_TARGETS = 3
"""So many tables are tried that a column may refer to; each is a join."""

LARGE = 100_000
"""From how many rows on, by the server's estimate, a table is sampled where that was asked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table about which something is proposed.

    Attributes:
        keys: The columns that are keys, or parts of keys, or refer to some: their ranges mean nothing.
        referring: The columns that seem to refer to a table though no foreign key says so, each with what may be
            its targets, the likeliest first.
        declared: The columns of which a foreign key says what they refer to.
        told_apart: The columns whose different values are counted, which takes a sort.
        known: By column what the catalog tells of its values.
        sample: Read only so many per cent of the rows.
        estimate: How many rows the server thinks that there are; 0 where it never counted.
        values: Whether what stands in rows may be in a proposal.
    """

    relation: Relation
    keys: Collection[str]
    referring: Mapping[str, Sequence[str]]
    declared: Collection[str]
    told_apart: Collection[str]
    known: Mapping[str, Known]
    sample: float | None
    estimate: int
    values: bool

    @property
    def name(self) -> str:
        """The relation's canonical name."""
        return self.relation.name

    @property
    def exists(self) -> Expectation:
        """That it is there."""
        if self.relation.is_table:
            return TableExists(self.name, tags=[PROPOSED])
        if self.relation.kind == "foreign table":
            return ForeignTableExists(self.name, tags=[PROPOSED])
        return ViewExists(self.name, materialized=self.relation.kind == "materialized view", tags=[PROPOSED])

    @property
    def common(self) -> dict[str, Any]:
        """What every proposal has."""
        return {"tags": [PROPOSED], **({} if self.sample is None else {"sample": self.sample})}

    def shows(self, column: Column) -> bool:
        """Whether bounds and sets of the column's values may be in a proposal."""
        return self.values and column.name not in self.keys and not is_personal(column.name)


def read(catalog: Catalog, scope: Scope, *, views: bool) -> list[Relation]:
    """Tables, with their partitions, and materialised views; with `views` what others compute or hold, too."""
    kinds = {"table", "partitioned table", "materialized view", *(("view", "foreign table") if views else ())}
    return [each for each in scope.among(catalog, catalog.relations) if each.kind in kinds and not each.is_partition]


def tables(
    catalog: Catalog, relations: Collection[Relation], sizes: Sizes, *, sample: float | None, values: bool
) -> Iterator[Table]:
    """The relations with what the catalog tells of them; the large ones are sampled if that is asked for."""
    pointed = _pointed(catalog)
    for relation in relations:
        _, rows = sizes.known.get(relation.name, (0, 0))
        referring = _referring(catalog, relation)
        told = {column.name: known(catalog, relation, column) for column in relation.columns.values()}
        yield Table(
            relation,
            keys=_keys(relation, referring, pointed.get(relation.name, ())),
            referring=referring,
            declared=_declared(relation),
            told_apart=frozenset(
                name
                for name, said in told.items()
                if can_be_told_apart(said) and not _is_unique(catalog, relation, name)
            ),
            known=told,
            sample=sample if rows >= LARGE and relation.kind not in {"view", "foreign table"} else None,
            estimate=rows,
            values=values,
        )


def _declared(relation: Relation) -> set[str]:
    """The columns of which a foreign key says what they refer to."""
    return {column for each in relation.having("FOREIGN KEY") for column in each.columns}


def _pointed(catalog: Catalog) -> Mapping[str, set[str]]:
    """By relation the columns that foreign keys refer to."""
    found: dict[str, set[str]] = defaultdict(set)
    for relation in catalog.relations.values():
        for each in relation.having("FOREIGN KEY"):
            found[str(each.references)] |= set(each.referenced_columns)
    return found


def _referring(catalog: Catalog, relation: Relation) -> dict[str, Sequence[str]]:
    names = [name for name in relation.columns if name not in _declared(relation)]
    found = {name: tuple(islice(referred(catalog, relation, name), _TARGETS)) for name in names}
    return {name: targets for name, targets in found.items() if targets}


def _keys(relation: Relation, referring: Collection[str], pointed: Collection[str]) -> set[str]:
    """The columns that are of a key or a unique index, that refer or are referred to, or are numbered by the server."""
    found = {column for each in relation.constraints.values() if each.kind != "CHECK" for column in each.columns}
    indexes = [index for index in relation.indexes.values() if index.unique]
    found |= {column for index in indexes for column in relation.columns if quote(column) in index.columns}
    for column in relation.columns.values():
        if column.identity is not None or (column.default or "").startswith("nextval("):
            found.add(column.name)
    return found | set(pointed) | set(referring) | {name for name in relation.columns if is_id(name)}


def _is_unique(catalog: Catalog, relation: Relation, column: str) -> bool:
    """Whether an index guarantees already that no two values of the column are the same."""
    return ValuesUnique(relation.name, [column]).guaranteed(catalog) is not None
