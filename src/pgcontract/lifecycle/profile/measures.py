"""What the first scan asks of a table: for each column how many values there are, and what bounds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.contract.aggregate import Aggregate
from pgcontract.contract.rows import ROWS
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.lifecycle.profile.known import Known
    from pgcontract.lifecycle.profile.tables import Table

SHORT = 100
"""Values of so many characters at most are told from each other."""

_NUMBER = re.compile(r"smallint|integer|bigint|numeric(?:\(.*\))?|real|double precision")
_TEXT = re.compile(r"text|character(?: varying)?(?:\(\d+\))?|(?:.*\.)?citext")
_TIME = re.compile(r"date|timestamp(?:\(\d\))? with(?:out)? time zone")
_COUNTED = frozenset({"smallint", "integer", "bigint", "uuid", "date"})


def is_number(type_: str) -> bool:
    """Whether it is one of Postgres's own numbers; not `money`, which is written as the server's locale has it."""
    return _NUMBER.fullmatch(type_) is not None


def is_text(type_: str) -> bool:
    """Whether it is one of Postgres's own texts, or `citext`."""
    return _TEXT.fullmatch(type_) is not None


def is_time(type_: str) -> bool:
    """Whether it is a date, with or without a time."""
    return _TIME.fullmatch(type_) is not None


def can_be_told_apart(known: Known) -> bool:
    """Whether it makes sense to ask how many different values there are."""
    return known.type in _COUNTED or is_text(known.type) or bool(known.labels)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a column.

    Attributes:
        known: What the catalog tells of its values.
        rows: How many rows were read.
        found: What was asked, by what it is called, as far as the server told.
    """

    column: Column
    known: Known
    rows: int
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The column's name, unquoted."""
        return self.column.name

    @property
    def type(self) -> str:
        """The type of its values; of a domain the one below it."""
        return self.known.type

    @property
    def values(self) -> int:
        """How many of the rows have a value."""
        return self.rows - int(self.found.get("nulls", self.rows))

    @property
    def distinct(self) -> int | None:
        """How many different values there are; None where nobody counted, or some are too long to be told apart."""
        counted = self.found.get("distinct")
        return None if counted is None or (self.found.get("longest") or 0) > SHORT else int(counted)


def of_column(table: Table, column: Column) -> dict[str, Aggregate]:
    """The aggregates of a column, by what they are called."""
    name, known = quote(column.name), table.known[column.name]
    asked = {"nulls": Aggregate(ROWS, f"{name} is null", sample=table.sample)}
    for called, expression in _bounds(known.type, name):
        asked[called] = Aggregate(expression, sample=table.sample)
    if column.name in table.told_apart:
        short = f"pg_catalog.length({as_text(name)}) <= {SHORT}" if is_text(known.type) else None
        asked["distinct"] = Aggregate(f"pg_catalog.count(distinct {name})", short, sample=table.sample)
    return asked


def as_text(name: str) -> str:
    """A column of texts as a `text`: neither a domain nor `citext` has functions of its own for what is asked."""
    return f"({name})::pg_catalog.text"


def _bounds(type_: str, name: str) -> Iterator[tuple[str, str]]:
    if is_number(type_):
        yield "least", f"pg_catalog.min({name})"
        yield "greatest", f"pg_catalog.max({name})"
    elif is_text(type_):
        length = f"pg_catalog.length({name if type_.startswith('character(') else as_text(name)})"
        yield "shortest", f"pg_catalog.min({length})"
        yield "longest", f"pg_catalog.max({length})"
        for called, function in (("first", "min"), ("last", "max")):
            value = f'pg_catalog.{function}({as_text(name)} collate pg_catalog."C")'
            yield called, f"pg_catalog.left({value}, {SHORT + 1})"
    elif type_.endswith("[]"):
        yield "shortest", f"pg_catalog.min(pg_catalog.cardinality({name}))"
        yield "longest", f"pg_catalog.max(pg_catalog.cardinality({name}))"
    elif is_time(type_):
        finite = f"filter (where pg_catalog.isfinite({name}))"
        least, newest = f"pg_catalog.min({name}) {finite}", f"pg_catalog.max({name}) {finite}"
        yield "year", f"pg_catalog.date_part('year', pg_catalog.min({name}))"
        yield "age", f"pg_catalog.date_part('epoch', pg_catalog.now() - ({newest}))"
        between = f"({newest})::pg_catalog.timestamp - ({least})::pg_catalog.timestamp"
        yield "span", f"pg_catalog.date_part('epoch', {between})"


def of_relation(table: Table) -> list[Aggregate]:
    """All that the first scan asks of a relation."""
    columns = table.relation.columns.values()
    asked = [each for column in columns for each in of_column(table, column).values()]
    return [Aggregate(ROWS, sample=table.sample), *asked]
