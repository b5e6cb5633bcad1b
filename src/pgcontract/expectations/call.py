"""A call of a function as SQL: arguments as written, harmless ones for the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import CannotProbe
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.functions import Argument, Function

# Harmless values for arguments that the contract does not give, by type; NULL for the others.
_MADE_UP: Mapping[str, str] = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "text": "",
    "character varying": "",
    "character": "",
    "bytea": "",
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "numeric": "0",
    "real": "0",
    "double precision": "0",
    "boolean": "false",
    "json": "{}",
    "jsonb": "{}",
    "date": "2000-01-01",
    "timestamp with time zone": "2000-01-01T00:00:00Z",
    "timestamp without time zone": "2000-01-01T00:00:00",
    "interval": "0",
}
_JSON = frozenset({"json", "jsonb"})
# What stands for a polymorphic type in a call.
_CONCRETE: Mapping[str, str] = {
    "anyelement": "text",
    "anynonarray": "text",
    "anycompatible": "text",
    "anycompatiblenonarray": "text",
    '"any"': "text",
    "anyarray": "text[]",
    "anycompatiblearray": "text[]",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        statement: SQL with a `%s` for each value.
        values: The values, in order.
        made_up: Whether any of them was not given.
        skips: Whether Postgres will not even run the body: it is strict, and a value is NULL.
    """

    statement: str
    values: tuple[Any, ...]
    made_up: bool
    skips: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """One argument in the call's brackets: its SQL, and its value if it has one."""

    sql: str
    values: tuple[Any, ...] = ()
    made_up: bool = False


def inputs(function: Function) -> list[Argument]:
    """The arguments that a caller may give."""
    return [argument for argument in function.arguments if argument.mode in {"in", "inout", "variadic"}]


def takes(function: Function, given: Sequence[Any]) -> bool:
    """Whether that many arguments can be given."""
    return len(given) <= len(inputs(function)) or _is_variadic(function)


def call(function: Function, given: Sequence[Any]) -> Call:
    """The function called with the arguments, by position; a procedure by CALL."""
    places = list(_places(function, given))
    values = tuple(value for place in places for value in place.values)
    name = function.name.replace("%", "%%") if values else function.name
    verb = "call" if function.kind == "procedure" else "select"
    return Call(
        statement=f"{verb} {name}({', '.join(place.sql for place in places)})",
        values=values,
        made_up=any(place.made_up for place in places),
        skips=function.strict and None in values,
    )


def _places(function: Function, given: Sequence[Any]) -> Iterator[_Place]:
    """Each argument in turn, but for those at the end that have defaults and are not given."""
    rest = list(_gathered(function, given))
    for argument in function.arguments:
        if argument.mode == "out" and function.kind == "procedure":
            yield _Place("null")
        elif argument.mode in {"out", "table"}:
            continue
        elif rest:
            yield _place(argument, rest.pop(0))
        elif not argument.default:
            yield _place(argument, _made_up(argument), made_up=True)


def _gathered(function: Function, given: Sequence[Any]) -> Sequence[Any]:
    """The arguments with those that go to a variadic one as a list, which they may be already."""
    last = len(inputs(function)) - 1
    tail = list(given[last:])
    if not _is_variadic(function) or not tail or (len(tail) == 1 and isinstance(tail[0], list | tuple)):
        return given
    return [*given[:last], tail]


def _is_variadic(function: Function) -> bool:
    return any(argument.mode == "variadic" for argument in function.arguments)


def _place(argument: Argument, value: Any, *, made_up: bool = False) -> _Place:
    kind = _concrete(argument)
    variadic = "variadic " if argument.mode == "variadic" else ""
    return _Place(f"{variadic}%s::{kind.replace('%', '%%')}", (_plain(value, kind),), made_up)


def _concrete(argument: Argument) -> str:
    """The type by which the argument is given."""
    kind = _CONCRETE.get(argument.type, argument.type)
    return f"{kind}[]" if argument.mode == "variadic" and not kind.endswith("[]") else kind


def _made_up(argument: Argument) -> str | None:
    if argument.type == "internal":
        raise CannotProbe("a function with an argument of type internal is called by Postgres alone")
    kind = _concrete(argument)
    return "{}" if kind.endswith("[]") else _MADE_UP.get(kind)


def _plain(value: Any, kind: str) -> Any:
    """The value as text, which Postgres reads by the argument's type; a list as an array of such texts."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping) or kind in _JSON:
        return json.dumps(value, default=str)
    if isinstance(value, list | tuple):
        return [_plain(item, kind.removesuffix("[]")) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
