"""Values in words: a column, a literal, who the caller is, what a claim or a setting holds."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pgcontract.names import quote, split
from pgcontract.records import dataclass
from pgcontract.report.words.pieces import Words, code, raw, say
from pgcontract.report.words.scanner import one_line
from pgcontract.report.words.tree import Call, Cast, Comparison, Literal, Name, Node, Query

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column

# Casts that leave a value what it is for a reader, whatever is cast; others may round or cut it off.
_PLAIN_CASTS = frozenset({"text", "character varying", "uuid", "json", "jsonb"})
_CUTTING = frozenset({'"char"', "name", "bit"})
_TEXTS = frozenset({"text", "character varying", "bpchar", "citext"})
_NOW = frozenset({"now", "current_timestamp", "localtimestamp", "transaction_timestamp"})
# What the functions of Supabase and of PostgREST stand for, and a text that their bodies hold.
_PLATFORM = {
    "auth.uid": ("the caller's id", "sub"),
    "auth.role": ("the caller's role", "role"),
    "auth.email": ("the caller's email", "email"),
    "auth.jwt": ("the caller's claims", "claim"),
}


class NotSaidError(Exception):
    """There are no words for it that would say no more and no less."""


@dataclass(frozen=True, slots=True)
class Sight:
    """From where a condition looks: the table whose rows it is about, and the query that it stands in, if any.

    Attributes:
        catalog: The database.
        relation: The table's canonical name.
        aliases: What the query reads, by the names it has in it; empty outside queries.
        outer: The names of the queries about it.
    """

    catalog: Catalog
    relation: str
    aliases: dict[str, str] = field(default_factory=dict)
    outer: frozenset[str] = frozenset()

    @property
    def inside(self) -> bool:
        """Whether it looks from within a query."""
        return bool(self.aliases)

    def within(self, query: Query) -> Sight:
        """The look from within a query."""
        aliases = {source.alias: source.relation for source in query.sources}
        if len(aliases) < len(query.sources):
            raise NotSaidError
        return Sight(self.catalog, self.relation, aliases, self.outer | set(self.aliases))

    def is_inner(self, node: Node) -> bool:
        """Whether it is a column of what the query reads."""
        return isinstance(node, Name) and _alias(node) in self.aliases

    def column(self, name: Name) -> Column | None:
        """The column's record, or None where it is not known."""
        relation = self.aliases.get(_alias(name), "" if _alias(name) in self.outer else self.relation)
        found = self.catalog.relations.get(relation)
        return found.columns.get(name.column) if found else None

    def not_null(self, node: Node) -> bool:
        """Whether it is a column that refuses NULL."""
        column = self.column(node) if isinstance(node, Name) else None
        return column is not None and column.not_null


def _alias(name: Name) -> str:
    """The alias that a column is qualified with, without quotes; empty for none and for a longer name."""
    parts = split(name.qualifier) if name.qualifier else ()
    return parts[0] if len(parts) == 1 else ""


def value(node: Node, sight: Sight, *, bare: bool = False) -> Words:
    """A value in words; SQL where there are none.

    Args:
        node: The value.
        sight: From where it is looked at.
        bare: Whether a column of what the query reads stands after `whose`, and so needs no `its`.
    """
    try:
        return _value(node, sight, bare=bare)
    except NotSaidError:
        return raw(one_line(node.sql))


def _value(node: Node, sight: Sight, *, bare: bool) -> Words:
    match node:
        case Name():
            return _column(node, sight, bare=bare)
        case Literal(sql=sql):
            return code(sql)
        case Cast(operand=operand, type=kind) if keeps(operand, kind):
            if kind.rpartition(".")[2] not in _TEXTS and isinstance(operand, Call) and operand.function == "nullif":
                operand = operand.arguments[0]  # what is empty is no uuid anyway
            return _value(operand, sight, bare=bare)
        case Call(function="nullif", arguments=(operand, empty)) if is_empty(empty):
            return say("{} (unless that is empty)", _value(operand, sight, bare=bare))
        case Call(function="current_setting", arguments=(name, *_)) if (setting := text_of(name)) is not None:
            return say("the setting {}", code(setting))
        case Call(function=function):
            return _called(node, function, sight)
        case Comparison(operator="->" | "->>"):
            return _claim(node, sight)
        case Query(item=item, sources=()) if item is not None:
            return _value(item, sight, bare=bare)
        case _:
            raise NotSaidError


def _column(name: Name, sight: Sight, *, bare: bool) -> Words:
    alias = _alias(name)
    if alias in sight.aliases:
        if len(sight.aliases) > 1:
            return code(f"{quote(alias)}.{quote(name.column)}")
        return code(quote(name.column)) if bare else say("its {}", code(quote(name.column)))
    if alias in sight.outer or (name.qualifier and alias != split(sight.relation)[-1]):
        raise NotSaidError
    return say("this row's {}", code(quote(name.column))) if sight.inside else code(quote(name.column))


def _called(node: Call, function: str, sight: Sight) -> Words:
    if function in _PLATFORM and not node.arguments and platforms(function, sight.catalog):
        return say(_PLATFORM[function][0])
    if function in _NOW and not node.arguments:
        return say("now")
    if function == "current_date":
        return say("today")
    if function in {"current_user", "current_role"}:
        return say("the current role")
    if not node.arguments and function != "session_user":
        return code(node.sql.strip("()") + "()")
    raise NotSaidError


def platforms(function: str, catalog: Catalog) -> bool:
    """Whether a function of that name is what Supabase makes of it, as far as its body can be seen."""
    found = catalog.functions.get(f"{function}()")
    return found is None or found.source is None or _PLATFORM[function][1] in found.source


def keeps(operand: Node, kind: str) -> bool:
    """Whether the value is for a reader the same after the cast: a literal, or a text that is read as a value."""
    if "(" in kind or "[" in kind or (kind in _CUTTING and not isinstance(operand, Literal)):
        return False
    match operand:
        case Literal() | Comparison(operator="->>") | Call(function="current_setting"):
            return True
        case Call(function="nullif", arguments=(inner, _)):
            return keeps(inner, kind)
        case _:
            return kind in _PLAIN_CASTS


def is_empty(node: Node) -> bool:
    """Whether it is the empty text."""
    return text_of(node) == ""


def text_of(node: Node) -> str | None:
    """What a text literal holds, or None for anything else."""
    while isinstance(node, Cast):
        node = node.operand
    if isinstance(node, Literal) and node.sql.startswith("'"):
        return node.sql[1:-1].replace("''", "'")
    return None


def _claim(node: Node, sight: Sight) -> Words:
    """A step into the claims or the headers of the request."""
    root, steps = _path(node)
    match root:
        case Call(function="auth.jwt", arguments=()) if platforms("auth.jwt", sight.catalog):
            return _of_caller(steps)
        case Call(function="current_setting", arguments=(name, *_)) if text_of(name) == "request.jwt.claims":
            return _of_caller(steps)
        case Call(function="current_setting", arguments=(name, *_)) if (
            text_of(name) == "request.headers" and len(steps) == 1
        ):
            return say("the request's header {}", code(steps[0]))
        case _:
            raise NotSaidError


def _of_caller(steps: list[str]) -> Words:
    return say("the caller's id") if steps == ["sub"] else say("the caller's claim {}", code(".".join(steps)))


def _path(node: Node) -> tuple[Node, list[str]]:
    """What is stepped into, and the names of the steps."""
    steps: list[str] = []
    while True:
        match node:
            case Comparison(operator="->" | "->>", left=left, right=right) if (step := text_of(right)) is not None:
                steps.insert(0, step)
                node = left
            case Cast(operand=inner, type="json" | "jsonb"):
                node = inner
            case Call(function="nullif", arguments=(inner, empty)) if is_empty(empty):
                node = inner
            case Query(item=inner, sources=()) if inner is not None:
                node = inner
            case _:
                return node, steps
