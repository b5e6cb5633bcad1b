"""Functions, types, sequences, extensions, and the rest by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.names import quote
from pgcontract.report.picture.grants import callers
from pgcontract.report.picture.parts import FunctionRow, Told, TypeRow
from pgcontract.report.words.pieces import code, say
from pgcontract.report.words.scanner import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.extensions import Extension
    from pgcontract.catalog.functions import Argument, Function
    from pgcontract.catalog.sequences import Sequence
    from pgcontract.catalog.types import Type

_BY_NAME = (
    *("operators", "operator_classes", "casts", "collations", "languages", "statistics", "event_triggers"),
    *("publications", "subscriptions", "foreign_data_wrappers", "foreign_servers"),
    *("text_search_configurations", "text_search_dictionaries"),
)
# What every database has.
_EVERYWHERE = frozenset({("languages", "c"), ("languages", "internal"), ("languages", "sql")})


def function_row(function: Function, anchor: str) -> FunctionRow:
    """What there is to know about a function, its body aside."""
    manner = [function.kind, f"in {function.language}", function.volatility]
    return FunctionRow(
        name=function.name,
        signature=function.signature,
        anchor=anchor,
        arguments=", ".join(_argument(one) for one in function.arguments if one.mode != "table"),
        returns=function.returns,
        manner=", ".join(manner),
        definer=function.security_definer,
        owner=quote(function.owner),
        callers=callers(function.grants, function.owner),
        settings=function.settings,
        comment=function.comment,
    )


def _argument(argument: Argument) -> str:
    mode = "" if argument.mode == "in" else f"{argument.mode.upper()} "
    name = f"{quote(argument.name)} " if argument.name else ""
    return f"{mode}{name}{argument.type}{' DEFAULT …' if argument.default else ''}"


def type_row(one: Type) -> TypeRow:
    """What a type is made of."""
    return TypeRow(one.name, one.kind, one.labels, _says(one), one.comment)


def _says(one: Type) -> str:
    if one.kind == "composite":
        return f"({', '.join(f'{quote(attribute.name)} {attribute.type}' for attribute in one.attributes)})"
    if one.kind == "domain":
        collation = f" COLLATE {one.collation}" if one.collation else ""
        default = f" DEFAULT {one_line(one.default)}" if one.default else ""
        required = " NOT NULL" if one.not_null else ""
        checks = "".join(f" CHECK ({one_line(check.expression)})" for check in one.checks)
        return f"{one.base}{collation}{default}{required}{checks}"
    return f"of {one.subtype}" if one.subtype else ""


def sequence_row(one: Sequence) -> Told:
    """How a sequence counts."""
    cycle = ", then from the beginning" if one.cycle else ""
    said = f"{one.type}, from {one.start} by {one.increment}, up to {one.maximum}{cycle}"
    return Told(one.name, say(said), one.comment)


def extension_row(one: Extension) -> Told:
    """An extension's version and schema."""
    return Told(quote(one.name), say("{} in {}", code(one.version), code(quote(one.schema))), one.comment)


def by_name(catalog: Catalog, holds: Callable[[Any], bool]) -> Mapping[str, tuple[str, ...]]:
    """What else there is, by noun, as far as there is any."""
    return {noun.replace("_", " "): names for noun, names in _by_name(catalog, holds) if names}


def _by_name(catalog: Catalog, holds: Callable[[Any], bool]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for noun in _BY_NAME:
        records: Mapping[str, Any] = getattr(catalog, noun)
        yield noun, tuple(name for name, one in records.items() if holds(one) and (noun, name) not in _EVERYWHERE)
