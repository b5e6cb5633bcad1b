"""What a column's short form says of its values: one key for each kind of expectation, beside `type` and `nullable`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator

from pgcontract.contract.constants import Constant, Constants
from pgcontract.contract.fields import Identifiers, Routine, Sql
from pgcontract.expectations.column_statistics import MeanBetween, StdDevBetween, SumEquals
from pgcontract.expectations.folding import Common, beside, common, fields
from pgcontract.expectations.fresh import Fresh
from pgcontract.expectations.orphans import NoOrphans
from pgcontract.expectations.quantiles import Bounds, Quantiles
from pgcontract.expectations.shares import DistinctShare, NullShare
from pgcontract.expectations.short import Short, bare, bare_bounds, bounds, stating
from pgcontract.expectations.value_lengths import ValueLengths
from pgcontract.expectations.values_between import ValuesBetween
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_increasing import ValuesIncreasing
from pgcontract.expectations.values_json_schema import JsonSchema, ValuesOfJsonSchema
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


def _true(value: Any) -> Any:
    """`true` says it and nothing more; `false` would say nothing, and is refused."""
    if value is False:
        raise ValueError("is true, or has properties; leave it out where it is not so")
    return {} if value is True else value


def _range(value: Any) -> Any:
    """A bare value is both bounds."""
    said = bounds(value)
    return said if isinstance(said, dict | BaseModel) else bounds((said, said))


def _length(value: Any) -> Any:
    return {"exactly": value} if isinstance(value, int) else _range(value)


def _under(key: str) -> BeforeValidator:
    """A mapping stands for the key's value, unless it has that key."""
    return BeforeValidator(
        lambda value: (
            value if isinstance(value, BaseModel) or (isinstance(value, dict) and key in value) else {key: value}
        ),
        json_schema_input_type=dict[str, Any],
    )


_COLUMN = ("table", "column")


@stating(ValuesUnique, "table", "columns")
class UniqueForm(Short):
    """As ValuesUnique has it, of this column."""


@stating(ValuesNotNull, *_COLUMN)
class NotNullForm(Short):
    """As ValuesNotNull has it, of this column."""


@stating(ValuesInSet, *_COLUMN)
class SetForm(Short):
    """As ValuesInSet has it, of this column. A bare list is the values."""

    values: Constants


@stating(ValuesBetween, *_COLUMN)
class BetweenForm(Short):
    """As ValuesBetween has it, of this column. A bare list is the least and the greatest value, or null."""


@stating(ValuesMatch, *_COLUMN)
class MatchForm(Short):
    """As ValuesMatch has it, of this column. A bare text is the regular expression."""


@stating(ValueLengths, *_COLUMN)
class LengthForm(Short):
    """As ValueLengths has it, of this column. A bare number is the length, a list the least and the greatest."""


@stating(ValuesOfJsonSchema, *_COLUMN)
class JsonForm(Short):
    """As ValuesOfJsonSchema has it, of this column. A bare mapping is the schema."""

    json_schema: JsonSchema


@stating(ValuesIncreasing, *_COLUMN)
class IncreasingForm(Short):
    """As ValuesIncreasing has it, of this column. A bare name or list is `by`."""

    by: Identifiers


@stating(Fresh, *_COLUMN)
class FreshForm(Short):
    """As Fresh has it, of this column. A bare text is `within`."""

    within: Sql


@stating(NullShare, *_COLUMN)
class NullsForm(Short):
    """As NullShare has it, of this column. A bare list is the least and the greatest share."""


@stating(DistinctShare, *_COLUMN)
class DistinctForm(Short):
    """As DistinctShare has it, of this column. A bare list is the least and the greatest share."""


@stating(MeanBetween, *_COLUMN)
class MeanForm(Short):
    """As MeanBetween has it, of this column. A bare list is the least and the greatest mean."""


@stating(StdDevBetween, *_COLUMN)
class StdDevForm(Short):
    """As StdDevBetween has it, of this column. A bare list is the least and the greatest deviation."""


@stating(SumEquals, *_COLUMN)
class SumForm(Short):
    """As SumEquals has it, of this column. A bare number is the sum."""


@stating(Quantiles, *_COLUMN)
class QuantilesForm(Short):
    """As Quantiles has it, of this column. A bare mapping is the quantiles."""

    quantiles: Bounds


@stating(NoOrphans, "table", "columns")
class OrphansForm(Short):
    """As NoOrphans has it, of this column. A bare text is `table(column)`."""

    references: Routine


_TRUE = BeforeValidator(_true, json_schema_input_type=bool | dict[str, Any])
_BOUNDS = BeforeValidator(_range, json_schema_input_type=Constant | list[Constant | None] | dict[str, Any])


class ValuesForm(Short):
    """What may be said of a column's values.

    Attributes:
        unique: `true`: no two rows have the same.
        not_null: `true`: none is NULL, though the column may be declared to accept it.
        values: All that there may be.
        between: The least and the greatest, `null` for no bound.
        matches: A regular expression.
        length: In characters, bytes or elements: a number, or the least and the greatest.
        json_schema: A JSON Schema.
        increasing: The columns in whose order the values increase.
        fresh: How old the newest may be: `1 day`.
        nulls: The least and the greatest share of NULLs.
        distinct: The least and the greatest share of different values.
        mean: The least and the greatest mean.
        stddev: The least and the greatest standard deviation.
        sum: The sum.
        quantiles: Fractions, each with its value, or the least and the greatest.
        refers_to: `table(column)`, where each value is, though no foreign key says so.
    """

    unique: Annotated[UniqueForm, _TRUE] | None = None
    not_null: Annotated[NotNullForm, _TRUE] | None = None
    values: Annotated[SetForm, bare("values", list[Constant] | SetForm)] | None = None
    between: Annotated[BetweenForm, _BOUNDS] | None = None
    matches: Annotated[MatchForm, bare("regex", str | MatchForm)] | None = None
    length: (
        Annotated[LengthForm, BeforeValidator(_length, json_schema_input_type=int | list[int | None] | LengthForm)]
        | None
    ) = None
    json_schema: Annotated[JsonForm, _under("json_schema")] | None = None
    increasing: Annotated[IncreasingForm, bare("by", str | list[str] | IncreasingForm)] | None = None
    fresh: Annotated[FreshForm, bare("within", str | FreshForm)] | None = None
    nulls: Annotated[NullsForm, _BOUNDS] | None = None
    distinct: Annotated[DistinctForm, _BOUNDS] | None = None
    mean: Annotated[MeanForm, _BOUNDS] | None = None
    stddev: Annotated[StdDevForm, _BOUNDS] | None = None
    sum: Annotated[SumForm, bare("value", Constant | SumForm)] | None = None
    quantiles: Annotated[QuantilesForm, _under("quantiles")] | None = None
    refers_to: Annotated[OrphansForm, bare("references", str | OrphansForm)] | None = None

    def expectations(self, table: str, column: str) -> Iterator[Expectation]:
        """What is said of the column's values."""
        for key, cls in KEYS.items():
            form = getattr(self, key)
            if form is not None:
                yield cls(table, column, **form.given())


KEYS: dict[str, type[Expectation]] = {
    "unique": ValuesUnique,
    "not_null": ValuesNotNull,
    "values": ValuesInSet,
    "between": ValuesBetween,
    "matches": ValuesMatch,
    "length": ValueLengths,
    "json_schema": ValuesOfJsonSchema,
    "increasing": ValuesIncreasing,
    "fresh": Fresh,
    "nulls": NullShare,
    "distinct": DistinctShare,
    "mean": MeanBetween,
    "stddev": StdDevBetween,
    "sum": SumEquals,
    "quantiles": Quantiles,
    "refers_to": NoOrphans,
}
"""The expectation that each key stands for."""


def folded_values(table: str, column: str, said: Said, outer: Common) -> dict[str, Any]:
    """What a suite says of a column's values, as the keys of its form; what does not fit stays in the list."""
    found: dict[str, Any] = {}
    for key, cls in KEYS.items():
        place = cls.positional()[:2]
        for each in said.of(
            cls, **dict(zip(place, (table, column if place[1] == "column" else (column,)), strict=True))
        ):
            more = beside(common(each), outer)
            if more is not None:
                found.setdefault(key, _bare(key, {**fields(each, said, *place), **more}))
    return found


_BARE = {
    "values": "values",
    "matches": "regex",
    "increasing": "by",
    "fresh": "within",
    "sum": "value",
    "quantiles": "quantiles",
    "refers_to": "references",
    "json_schema": "json_schema",
}


def _bare(key: str, content: dict[str, Any]) -> Any:
    """The shortest that says the same."""
    if not content:
        return True
    if key in _BARE:
        alone = content.keys() == {_BARE[key]}
        return content[_BARE[key]] if alone and not (key == "json_schema" and not _plain(content[key])) else content
    return content if key in {"unique", "not_null"} else bare_bounds(content)


def _plain(schema: Any) -> bool:
    """Whether a schema may stand for the form that holds it."""
    return isinstance(schema, dict) and "json_schema" not in schema
