"""What the short form of a relation says of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator

from pgcontract.contract.fields import Sql
from pgcontract.expectations.rows import RowCount, RowsSatisfy
from pgcontract.expectations.short import Short, bare, bounds, stating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


def _count(value: Any) -> Any:
    """A bare number is how many there are."""
    said = bounds(value)
    return said if isinstance(said, dict | BaseModel) else {"exactly": said}


@stating(RowCount, "table")
class CountForm(Short):
    """As RowCount has it, without the table. A bare number is how many, a list the least and the most."""


@stating(RowsSatisfy, "table")
class SatisfiesForm(Short):
    """As RowsSatisfy has it, without the table. A bare text is the predicate."""

    predicate: Sql


Count = Annotated[CountForm, BeforeValidator(_count, json_schema_input_type=int | list[int | None] | CountForm)]
Satisfies = Annotated[SatisfiesForm, bare("predicate", str | SatisfiesForm)]


def rows_of(relation: str, count: CountForm | None, satisfy: list[SatisfiesForm]) -> Iterator[Expectation]:
    """What is said of a relation's rows."""
    if count is not None:
        yield RowCount(relation, **count.given())
    for each in satisfy:
        yield RowsSatisfy(relation, **each.given())
