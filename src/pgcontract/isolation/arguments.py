"""What a stranger would hand to a function: names of B's things, wide limits, patterns that fit everything."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pgcontract.isolation.rows import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.functions import Argument, Function
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.worlds import Builder

MOST_CALLS = 28
_TELLING = 3
"""How long the beginning of a name is that tells it from others."""
SECRET = re.compile(r"token|secret|otp|nonce|password|passcode|pin$|signature|api_?key|invite_?code|^code$|_code$")
"""The names of what nobody can guess."""
_USER = re.compile(
    r"user|owner|author|member|profile|person|customer|employee|patient|student|recipient|account_holder|^who$|^uid$"
)
_LIMIT = re.compile(r"limit|count|how_many|^n$|max|size|^k$|^top$|number_of|rows|results|match")
_OFFSET = re.compile(r"offset|page|skip|^from_row$")
_FROM = re.compile(r"from|since|start|begin|after|lower|min")
_TABLE = re.compile(
    r"table|relation|^tbl|kind|resource|collection|entity|object|dataset|what|name|source|report|which|type"
)
_INJECTIONS = ("x' or true or 'x'='", "x' or true --", "%' or true --", "') or true --", "true", "1=1", "1=1 or true")
_INTEGERS = ("smallint", "integer", "bigint")
_TEXTS = ("text", "character varying", "citext", "name", "character")


class Arguments:
    """The arguments for the functions of one search."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._rows = builder.worlds.of("B")

    def calls(self, function: Function) -> Iterator[tuple[str, frozenset[str]]]:
        """Statements that call a function, each with the values that it passes; the likeliest first."""
        inputs = [argument for argument in function.arguments if argument.mode in {"in", "inout", "variadic"}]
        required = [argument for argument in inputs if not argument.default]
        seen: set[str] = set()
        for chosen in (inputs, required) if len(required) < len(inputs) else (inputs,):
            for values in itertools.islice(_combinations([self.values(function, a) for a in chosen]), MOST_CALLS):
                statement = _call(function, chosen, values)
                if statement not in seen:
                    seen.add(statement)
                    yield statement, frozenset(value for value in values if value is not None)

    def values(self, function: Function, argument: Argument) -> list[str | None]:
        """What is tried for one argument, the likeliest first; NULL last."""
        name = re.sub(r"^(?:p|in|v|arg|the|of|target|new|a)_|^_+|_+$", "", (argument.name or "").lower())
        kind = argument.type
        array = kind.endswith("[]")
        found = self._plain(function, name, kind.removesuffix("[]"))
        if array:
            found = [*["{" + value + "}" for value in found if value is not None and '"' not in value][:3]]
        return [*dict.fromkeys(found), None]

    def _plain(self, function: Function, name: str, kind: str) -> list[str | None]:  # noqa: PLR0911 - a case a line
        made = self._builder.catalog.types.get(kind)
        if made is not None and made.kind == "enum":
            return [*made.labels]
        if made is not None and made.kind == "domain" and made.base:
            kind = made.base
        if kind == "boolean":
            return ["true", "false"]
        if kind == "uuid" or kind in _INTEGERS:
            return self._keys(name, kind)
        if kind.startswith(_TEXTS) or kind.endswith(("citext", "ltree")):
            return self._texts(function, name)
        if kind.startswith(("timestamp", "date")):
            return ["1900-01-01" if _FROM.search(name) else "2999-01-01", "2026-01-01"]
        if kind in {"json", "jsonb"}:
            return ["{}"]
        if kind.startswith("interval"):
            return ["100 years"]
        return ["1", "0"] if kind.startswith(("numeric", "real", "double")) else []

    def _keys(self, name: str, kind: str) -> list[str | None]:
        """Keys of B's; of the table that the argument is named after, if it is named after one."""
        if SECRET.search(name):
            return ["00000000-0000-4000-8000-000000000000" if kind == "uuid" else "123456"]
        found: list[str] = []
        if kind in _INTEGERS and _LIMIT.search(name):
            found.append("100")
        if kind in _INTEGERS and _OFFSET.search(name):
            found.append("0")
        users = self._builder.identities.uids
        of_users = kind == "uuid" if "-" in users["B"][0] else kind in _INTEGERS
        if of_users and _USER.search(name):
            found += [users["B"][0], users["A"][0], users["B"][1]]
        named, others = self._known(name, kind)
        found += named[:3] + _one_a_table(self._rows, others)[: 6 if not named else 1]
        if of_users and users["B"][0] not in found:
            found += [users["B"][0], users["A"][0]]
        if kind in _INTEGERS:
            found.append("1")
        return [*dict.fromkeys(found)]

    def _known(self, name: str, kind: str) -> tuple[list[str], list[str]]:
        """Keys of B's rows that an argument's name speaks of, and the others."""
        named: list[str] = []
        others: list[str] = []
        for row in self._rows:
            relation = self._builder.catalog.tables[row.table]
            for column in row.key:
                value = row.values[column]
                if value is None or relation.columns[column].type != kind:
                    continue
                (named if _named_after(name, row.table, column) else others).append(value)
        for row in self._rows:  # what B's rows refer to, by the name of the reference
            for column, value in row.values.items():
                kept = self._builder.catalog.tables[row.table].columns[column].type == kind
                if value is not None and kept and column not in row.key and _stem(column) == _stem(name):
                    named.append(value)
        return named, others

    def _texts(self, function: Function, name: str) -> list[str | None]:
        if SECRET.search(name):
            return ["guess"]
        found: list[str | None] = []
        dynamic = bool(re.search(r"\bexecute\b", function.source or "", re.IGNORECASE))
        tables = [name_ for name_ in self._builder.ownership.owned if self._builder.worlds.of("B", name_)]
        if dynamic:
            if _TABLE.search(name) or not name:
                found += [table.rpartition(".")[2] for table in tables] + tables
            found += _INJECTIONS
        for row in self._rows:
            for column in row.values:
                if (
                    column == name
                    or (name and name in {f"{column}s", column.removesuffix("_id")})
                    or name == _joined(row, column)
                ):
                    found.append(row.values[column])
        if "mail" in name:
            found.append(self._builder.identities.emails["B"][0])
        keys = [
            row.values[row.key[0]] for row in self._rows if len(row.key) == 1 and not _is_uuid(row.values[row.key[0]])
        ]
        return [*found[:12], "", "%", *keys[:3], "pgcontract"]


def _joined(row: Row, column: str) -> str:
    return f"{_singular(row.table.rpartition('.')[2])}_{column}"


def _is_uuid(value: str | None) -> bool:
    return value is not None and bool(re.fullmatch(r"[0-9a-f-]{36}|\d+", value))


def _named_after(name: str, table: str, column: str) -> bool:
    bare = table.rpartition(".")[2].strip('"')
    words = {bare, _singular(bare), bare.rpartition("_")[2], _singular(bare.rpartition("_")[2])}
    stem = _stem(name)
    return (
        bool(stem) and (stem in words or any(len(stem) >= _TELLING and word.startswith(stem) for word in words))
    ) or (column == name and name != "id")


def _stem(name: str) -> str:
    return re.sub(r"_?(?:id|uuid|key|no|number)$", "", name)


def _singular(word: str) -> str:
    return (
        word[:-3] + "y"
        if word.endswith("ies")
        else word[:-2]
        if word.endswith(("sses", "xes"))
        else word.removesuffix("s")
    )


def _one_a_table(rows: list[Row], values: list[str]) -> list[str]:
    first: dict[str, str] = {}
    for row in rows:
        for column in row.key:
            if row.values[column] in values:
                first.setdefault(row.table, str(row.values[column]))
    return [*first.values()]


def _combinations(choices: list[list[str | None]]) -> Iterator[tuple[str | None, ...]]:
    """The first of each; then one changed at a time; then all that is left."""
    first = tuple(options[0] for options in choices)
    yield first
    for position, options in enumerate(choices):
        for option in options[1:]:
            yield (*first[:position], option, *first[position + 1 :])
    yield from itertools.product(*choices)


def _call(function: Function, chosen: list[Argument], values: tuple[str | None, ...]) -> str:
    parts = []
    named = len(chosen) < sum(argument.mode in {"in", "inout", "variadic"} for argument in function.arguments)
    for argument, value in zip(chosen, values, strict=True):
        text = f"{sql(value)}::{argument.type}"
        if argument.mode == "variadic":
            text = f"variadic {text}"
        elif named and argument.name:
            text = f"{argument.name} => {text}"
        parts.append(text)
    if function.kind == "procedure":
        return f"call {function.name}({', '.join(parts)})"
    return f"select * from {function.name}({', '.join(parts)})"
