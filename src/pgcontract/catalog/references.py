"""Where a record refers to something by its name, and the record when that has another one, as Postgres deparses it."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.lexis import UnclosedError, tokens
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Callable

LITERAL = frozenset({"comment", "labels", "options", "settings", "settings_here", "library", "grants"})
"""Fields whose text is nobody's reference: Postgres leaves it alone when something is renamed."""

_LITERAL_OF = {"Trigger": frozenset({"arguments"}), "Function": frozenset({"source"})}
_REFERRING: dict[Any, tuple[str, ...]] = {}
_UNQUOTED = ("include", "on_delete_columns")
_TEXTS = ("expression", "definition", "predicate", "using", "with_check")


def referring_fields(kind: Any) -> tuple[str, ...]:
    """The fields of a record that may refer to something by its name."""
    known = _REFERRING.get(kind)
    if known is None:
        literal = LITERAL | _LITERAL_OF.get(kind.__name__, frozenset())
        known = _REFERRING[kind] = tuple(field.name for field in fields(kind) if field.name not in literal)
    return known


def rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:
    """The value with its texts rewritten, but for those that nothing reads as a reference."""
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, tuple):
        return tuple(rewritten(item, rewrite) for item in value)
    if isinstance(value, dict):
        made = [rewritten(item, rewrite) for item in value.values()]
        return dict(zip(value, made, strict=True)) if not _by_name(value) else {item.name: item for item in made}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for name in (*referring_fields(type(value)), *(["source"] if getattr(value, "standard", False) else ())):
        was = getattr(value, name)
        after = rewritten(was, rewrite)
        if after != was:
            changes[name] = after
    return replace(value, **changes) if changes else value


def _by_name(value: dict[str, Any]) -> bool:
    """Whether the keys are canonical names, as those of what a publication publishes."""
    return any(type(item).__name__ == "PublishedTable" for item in value.values())


def qualified_name(old: str, new: str, *, bare: bool = False) -> Callable[[str], str]:
    """What puts one canonical name in the place of another.

    Args:
        old: The canonical name.
        new: The canonical name that it gets.
        bare: Whether queries also speak of it without its schema, as they do of a relation's columns.
    """
    whole = re.compile(rf'(?<![\w$."]){re.escape(old)}(?![\w$"])')
    if not bare:
        return lambda text: whole.sub(lambda _: new, text)
    own, other = quote(split(old)[-1]), quote(split(new)[-1])
    alias = re.compile(rf'(?<![\w$."]){re.escape(own)}(?=\.)')

    def rewrite(text: str) -> str:
        text = whole.sub(lambda _: new, text)
        return alias.sub(lambda _: other, text) if "SELECT" in text else text

    return rewrite


def words(old: str, new: str) -> Callable[[str], str]:
    """What puts one name in the place of another in an expression, where it stands by itself.

    >>> words("date", "day")("(date > '2020-01-01'::date)")
    "(day > '2020-01-01'::date)"
    """
    wanted, other = quote(old), quote(new)

    def rewrite(text: str) -> str:
        pieces, before = [piece for _, piece, _ in tokens(text)], ""
        for k, piece in enumerate(pieces):
            after = pieces[k + 1] if k + 1 < len(pieces) else ""
            if piece == wanted and before not in {".", ":"} and after not in {"(", "."}:
                pieces[k] = other
            before = piece
        return "".join(pieces)

    return rewrite


def swapped(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    """Unquoted names with one in the place of another."""
    return tuple(new if name == old else name for name in names)


def respelled(record: Any, old: str, new: str) -> Any:
    """A constraint, index, policy or trigger of a table of which a column has another name."""
    rewrite = words(old, new)
    values: dict[str, Any] = {
        field: rewrite(getattr(record, field)) for field in _TEXTS if getattr(record, field, None)
    }
    if getattr(record, "when", None):  # which speaks of the row before and after
        values["when"] = read_from(frozenset({""}), old, new)(record.when)
    for field in _UNQUOTED:
        if hasattr(record, field):
            values[field] = swapped(getattr(record, field), old, new)
    if hasattr(record, "method"):  # an index's are expressions
        values["columns"] = rewritten(record.columns, rewrite)
    elif hasattr(record, "columns"):
        values["columns"] = swapped(record.columns, old, new)
    after = replace(record, **values)
    return after if after != record else record


def read_from(tables: frozenset[str], old: str, new: str) -> Callable[[str], str]:
    """What renames a column of tables in queries, where it is said whose it is: `users.email`, or under an alias.

    Where a query gives the column the name that it now has, Postgres leaves that out.
    """
    wanted, other = quote(old), quote(new)
    again = re.compile(rf"(\.{re.escape(other)}) AS {re.escape(other)}(?![\w$\"])")

    def rewrite(text: str) -> str:
        if wanted not in text or not any(table in text for table in tables):
            return text
        try:
            pieces = [piece for _, piece, _ in tokens(text)]
        except UnclosedError:
            return text
        for k, piece in enumerate(pieces):
            if k and piece == wanted and pieces[k - 1] == ".":
                pieces[k] = other
        return again.sub(r"\1", "".join(pieces))

    return rewrite
