"""What the first scan asks of a table: for each column how many values there are, and what bounds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.contract.aggregate import Aggregate
from pgcontract.contract.rows import ROWS
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation

SHORT = 100
"""Values of so many characters at most are told from each other."""

_NUMBER = re.compile(r"smallint|integer|bigint|numeric(?:\(.*\))?|real|double precision")
_TEXT = re.compile(r"text|character(?: varying)?(?:\(\d+\))?")
_TIME = re.compile(r"date|timestamp(?:\(\d\))? with(?:out)? time zone")
_COUNTED = frozenset({"smallint", "integer", "bigint", "uuid"})

COUNT = Aggregate(ROWS)


def is_number(type_: str) -> bool:
    """Whether it is one of Postgres's own numbers; not `money`, which is written as the server's locale has it."""
    return _NUMBER.fullmatch(type_) is not None


def is_text(type_: str) -> bool:
    """Whether it is one of Postgres's own texts."""
    return _TEXT.fullmatch(type_) is not None


def is_time(type_: str) -> bool:
    """Whether it is a date, with or without a time."""
    return _TIME.fullmatch(type_) is not None


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a column.

    Attributes:
        rows: How many rows were read.
        found: What was asked, by what it is called, as far as the server told.
    """

    column: Column
    rows: int
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> int:
        """How many of the rows have a value."""
        return self.rows - int(self.found.get("nulls", self.rows))


def of_column(column: Column, sample: float | None, told_apart: Collection[str]) -> dict[str, Aggregate]:
    """The aggregates of a column, by what they are called.

    Args:
        column: The column.
        sample: Read only so many per cent of the rows.
        told_apart: The columns whose different values are counted, which takes a sort.
    """
    name = quote(column.name)
    asked = {"nulls": Aggregate(ROWS, f"{name} is null", sample=sample)}
    for called, expression in _bounds(column.type, name):
        asked[called] = Aggregate(expression, sample=sample)
    if column.name in told_apart:
        short = f"pg_catalog.length({name}) <= {SHORT}" if is_text(column.type) else None
        asked["distinct"] = Aggregate(f"pg_catalog.count(distinct {name})", short, sample=sample)
    return asked


def can_be_told_apart(type_: str) -> bool:
    """Whether it makes sense to ask how many different values there are."""
    return type_ in _COUNTED or is_text(type_)


def _bounds(type_: str, name: str) -> Iterator[tuple[str, str]]:
    if is_number(type_):
        yield "least", f"pg_catalog.min({name})"
        yield "greatest", f"pg_catalog.max({name})"
    elif is_text(type_):
        yield "shortest", f"pg_catalog.min(pg_catalog.length({name}))"
        yield "longest", f"pg_catalog.max(pg_catalog.length({name}))"
        for called, function in (("first", "min"), ("last", "max")):
            value = f'pg_catalog.{function}({name} collate pg_catalog."C")'
            yield called, f"pg_catalog.left({value}, {SHORT + 1})"
    elif is_time(type_):
        newest = f"pg_catalog.max({name}) filter (where pg_catalog.isfinite({name}))"
        yield "year", f"pg_catalog.date_part('year', pg_catalog.min({name}))"
        yield "age", f"pg_catalog.date_part('epoch', pg_catalog.now() - ({newest}))"
        yield "same", f"pg_catalog.min({name}) = pg_catalog.max({name})"


def of_relation(relation: Relation, sample: float | None, told_apart: Collection[str]) -> list[Aggregate]:
    """All that the first scan asks of a relation."""
    columns = relation.columns.values()
    asked = [each for column in columns for each in of_column(column, sample, told_apart).values()]
    return [Aggregate(ROWS, sample=sample), *asked]
