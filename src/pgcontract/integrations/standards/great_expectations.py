"""Expectations by the names that Great Expectations gave them, and dbt's package of that name took over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.column_statistics import MeanBetween, StdDevBetween
from pgcontract.expectations.columns import ColumnExists, ColumnsAre, ColumnType
from pgcontract.expectations.rows import RowCount
from pgcontract.expectations.shares import DistinctShare
from pgcontract.expectations.value_lengths import ValueLengths
from pgcontract.expectations.values_between import ValuesBetween
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique

if TYPE_CHECKING:
    from typing import TypeAlias

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.standards.made import Made

    Fields: TypeAlias = dict[str, Any]

_SILENT = ("result_format", "include_config", "catch_exceptions", "meta", "batch_id", "quote_values", "is_raw", "flags")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _between(given: Fields) -> Fields:
    """`min_value` and `max_value`, each perhaps not allowed itself."""
    strictly = given.pop("strictly", False)
    fields = {}
    for name, strict, allowed, beyond in (
        ("min_value", "strict_min", "at_least", "above"),
        ("max_value", "strict_max", "at_most", "below"),
    ):
        value = given.pop(name, None)
        excluded = given.pop(strict, False) or strictly
        if value is not None:
            fields[beyond if excluded else allowed] = value
    return fields


def _renamed(**names: str) -> Callable[[Fields], Fields]:
    """The fields by the names of the arguments."""
    return lambda given: {field: given.pop(name) for name, field in names.items() if name in given}


def _with(take: Callable[[Fields], Fields], **more: Any) -> Callable[[Fields], Fields]:
    return lambda given: take(given) | more


_NOTHING = _renamed()
_COMMON = {"mostly": "mostly", "row_condition": "where"}
_ROW, _COLUMN = "rows", "column"
_KNOWN: Mapping[str, tuple[type[Expectation], str, Callable[[Fields], Fields]]] = {
    "column_to_exist": (ColumnExists, _COLUMN, _NOTHING),
    "column_values_to_not_be_null": (ValuesNotNull, _COLUMN, _NOTHING),
    "column_values_to_be_unique": (ValuesUnique, _COLUMN, _NOTHING),
    "column_values_to_be_in_set": (ValuesInSet, _COLUMN, _renamed(value_set="values")),
    "column_values_to_not_be_in_set": (ValuesInSet, _COLUMN, _with(_renamed(value_set="values"), never=True)),
    "column_values_to_be_between": (ValuesBetween, _COLUMN, _between),
    "column_values_to_match_regex": (ValuesMatch, _COLUMN, _renamed(regex="regex")),
    "column_values_to_not_match_regex": (ValuesMatch, _COLUMN, _with(_renamed(regex="regex"), never=True)),
    "column_values_to_match_like_pattern": (ValuesMatch, _COLUMN, _renamed(like_pattern="like")),
    "column_values_to_not_match_like_pattern": (
        ValuesMatch,
        _COLUMN,
        _with(_renamed(like_pattern="like"), never=True),
    ),
    "column_value_lengths_to_equal": (ValueLengths, _COLUMN, _renamed(value="exactly")),
    "column_value_lengths_to_be_between": (ValueLengths, _COLUMN, _between),
    "column_values_to_be_of_type": (ColumnType, _COLUMN, _renamed(type_="type", column_type="type")),
    "column_mean_to_be_between": (MeanBetween, _COLUMN, _between),
    "column_stdev_to_be_between": (StdDevBetween, _COLUMN, _between),
    "column_proportion_of_unique_values_to_be_between": (DistinctShare, _COLUMN, _between),
    "compound_columns_to_be_unique": (ValuesUnique, _ROW, _renamed(column_list="columns")),
    "table_row_count_to_be_between": (RowCount, _ROW, _between),
    "table_row_count_to_equal": (RowCount, _ROW, _renamed(value="exactly")),
    "table_columns_to_match_set": (ColumnsAre, _ROW, _renamed(column_set="columns", column_list="columns")),
    "table_columns_to_match_ordered_list": (ColumnsAre, _ROW, _with(_renamed(column_list="columns"), in_order=True)),
}


def understood(rule: Any, relation: str, column: str | None) -> Made | str:
    """The expectation in a rule, `{type: expect_…, kwargs: …}` or that as YAML; or why it is not understood."""
    if isinstance(rule, str):
        from pgcontract.contract import yaml  # noqa: PLC0415 - few rules are texts
        from pgcontract.errors import ContractError  # noqa: PLC0415 - as above

        try:
            rule = yaml.read(rule, "rule").content
        except ContractError:
            return "the rule is not YAML"
    name = None
    if isinstance(rule, Mapping):
        name = rule.get("type") or rule.get("expectation_type") or rule.get("expectation")
    if not isinstance(name, str):
        return "the rule names no expectation"
    kwargs = rule.get("kwargs") or {}
    if not isinstance(kwargs, Mapping):
        return "its kwargs are no mapping"
    return expectation(name, kwargs, relation, column)


def expectation(name: str, arguments: Mapping[str, Any], relation: str, column: str | None) -> Made | str:
    """The expectation of that name on a relation or a column of it; or why it is not understood."""
    given = {_CAMEL.sub("_", str(key)).lower(): value for key, value in arguments.items()}
    known = _KNOWN.get(name.removeprefix("expect_"))
    if known is None:
        return f"{name} is not known"
    cls, of, take = known
    for key in _SILENT:
        given.pop(key, None)
    column = given.pop("column", None) or given.pop("column_name", None) or column
    if of == _COLUMN and not isinstance(column, str):
        return f"{name} is of a column, and names none"
    fields = take(given)
    fields |= {field: given.pop(key) for key, field in _COMMON.items() if key in given}
    if given:
        return f"{name} with {', '.join(given)}"
    if unknown := [field for field in fields if field not in cls.model_fields]:
        return f"{name} with {', '.join(unknown)}"
    return cls, (relation, column) if of == _COLUMN else (relation,), fields
