"""The tests of dbt, and the common ones of dbt_utils, as expectations on rows."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.fresh import Fresh
from pgcontract.expectations.orphans import NoOrphans
from pgcontract.expectations.rows import RowCount, RowsSatisfy
from pgcontract.expectations.shares import NullShare
from pgcontract.expectations.values_between import ValuesBetween
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pgcontract.integrations.dbt.names import Names
    from pgcontract.integrations.standards.made import Made

    Found: TypeAlias = list[Made] | str
    Given: TypeAlias = dict[str, Any]

_PLAIN = re.compile(r'[A-Za-z_][\w$]*|"[^"]+"')
_PERIODS = ("minute", "hour", "day", "week", "month", "year", "second")


def plain(column: Any) -> str | None:
    """The column that a text names, as Postgres has it; None where it is an expression."""
    if not isinstance(column, str) or not _PLAIN.fullmatch(column.strip()):
        return None
    text = column.strip()
    return text[1:-1] if text.startswith('"') else text


def _unique(relation: str, column: str | None, _given: Given, _names: Names) -> Found:
    return [(ValuesUnique, (relation, column), {})] if column else "it names no column"


def _not_null(relation: str, column: str | None, _given: Given, _names: Names) -> Found:
    return [(ValuesNotNull, (relation, column), {})] if column else "it names no column"


def _accepted(relation: str, column: str | None, given: Given, _names: Names) -> Found:
    given.pop("quote", None)
    return [(ValuesInSet, (relation, column), {"values": given.pop("values")})] if column else "it names no column"


def _not_accepted(relation: str, column: str | None, given: Given, names: Names) -> Found:
    made = _accepted(relation, column, given, names)
    return made if isinstance(made, str) else [(cls, fields, {**rest, "never": True}) for cls, fields, rest in made]


def _relationships(relation: str, column: str | None, given: Given, names: Names) -> Found:
    text, field = str(given.pop("to")), given.pop("field")
    to, referred = names.referred(text), plain(field)
    condition = given.pop("from_condition", None)
    if to is None or referred is None:
        return f"it is not known what {text if to is None else field} is"
    where = {"where": condition} if condition and condition != "1=1" else {}
    if given.get("to_condition") == "1=1":
        del given["to_condition"]
    name = quote(referred if '"' in str(field) else referred.lower())
    return [(NoOrphans, (relation, column, f"{to}({name})"), where)] if column else "it names no column"


def _combination(relation: str, _column: str | None, given: Given, _names: Names) -> Found:
    quoted = given.pop("quote_columns", False)
    columns = [plain(each) for each in given.pop("combination_of_columns")]
    if None in columns:
        return "of expressions"
    named = [str(each) if quoted else str(each).lower() for each in columns]
    return [(ValuesUnique, (relation, named), {"nulls_not_distinct": True})]


def _proportion(relation: str, column: str | None, given: Given, _names: Names) -> Found:
    """The share of what is not NULL."""
    least, most = Decimal(str(given.pop("at_least", 0))), Decimal(str(given.pop("at_most", 1)))
    bounds = {"at_most": float(1 - least)} | ({} if most == 1 else {"at_least": float(1 - most)})
    return [(NullShare, (relation, column), bounds)] if column else "it names no column"


def _range(relation: str, column: str | None, given: Given, _names: Names) -> Found:
    """Numbers are bounds; what is a text may be any SQL, and stays what it is."""
    inclusive = given.pop("inclusive", True)
    bounds = {key: given.pop(key) for key in ("min_value", "max_value") if given.get(key) is not None}
    if column is None or not bounds:
        return "it has no bounds" if column else "it names no column"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in bounds.values()):
        words = {"min_value": "at_least" if inclusive else "above", "max_value": "at_most" if inclusive else "below"}
        return [(ValuesBetween, (relation, column), {words[key]: value for key, value in bounds.items()})]
    signs = {"min_value": ">", "max_value": "<"}
    parts = [f"{quote(column)} {signs[key]}{'=' if inclusive else ''} ({value})" for key, value in bounds.items()]
    return [(RowsSatisfy, (relation, " and ".join(parts)), {})]


def _true(relation: str, column: str | None, given: Given, _names: Names) -> Found:
    expression = str(given.pop("expression"))
    condition = given.pop("condition", None)
    predicate = expression if column is None else f"{quote(column)} {expression}"
    return [(RowsSatisfy, (relation, predicate), {"where": condition} if condition else {})]


def _not_empty(relation: str, column: str | None, given: Given, _names: Names) -> Found:
    text = quote(column or "")
    trimmed = f"btrim({text})" if given.pop("trim_whitespace", True) else text
    return [(RowsSatisfy, (relation, f"{trimmed} <> ''"), {})] if column else "it names no column"


def _at_least_one(relation: str, column: str | None, _given: Given, _names: Names) -> Found:
    if column is None:
        return "it names no column"
    return [(RowCount, (relation,), {"at_least": 1, "where": f"{quote(column)} is not null"})]


def _recent(relation: str, column: str | None, given: Given, _names: Names) -> Found:
    field, period, many = plain(given.pop("field", column)), given.pop("datepart"), given.pop("interval")
    given.pop("ignore_time_component", None)
    if field is None or str(period).lower() not in _PERIODS:
        return f"it is not known what {period if field else 'its field'} is"
    return [(Fresh, (relation, field.lower(), f"{many} {str(period).lower()}{'' if many == 1 else 's'}"), {})]


def _as_many(relation: str, _column: str | None, given: Given, names: Names) -> Found:
    text = str(given.pop("compare_model"))
    other = names.referred(text)
    return [(RowCount, (relation,), {"same_as": other})] if other else f"it is not known what {text} is"


GENERIC: dict[str, Callable[[str, str | None, Given, Names], Found]] = {
    "unique": _unique,
    "not_null": _not_null,
    "accepted_values": _accepted,
    "relationships": _relationships,
    "dbt_utils.unique_combination_of_columns": _combination,
    "dbt_utils.not_null_proportion": _proportion,
    "dbt_utils.accepted_range": _range,
    "dbt_utils.expression_is_true": _true,
    "dbt_utils.not_accepted_values": _not_accepted,
    "dbt_utils.not_empty_string": _not_empty,
    "dbt_utils.at_least_one": _at_least_one,
    "dbt_utils.relationships_where": _relationships,
    "dbt_utils.recency": _recent,
    "dbt_utils.equal_rowcount": _as_many,
}
"""By the name of a test, what it expects of a relation, or of a column of it, with its arguments taken.

What is left of the arguments is not understood, and with it the whole test.
"""
