"""The columns of a table as its contract states them: what it does not say of one stays open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.site.standing import standing
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.report.document import Entry, Level

_KEYS = {"PrimaryKey": "PK", "UniqueConstraint": "UK", "ForeignKey": "FK"}


@dataclass(slots=True)
class Column:
    """A column, as far as the contract speaks of it.

    Attributes:
        name: Quoted where it must be.
        type: None where the contract says none.
        nullable: None where it says nothing.
        default: An expression, or how it is generated; empty for none at all; None where it says nothing.
        keys: `PK`, `UK` and `FK`, as far as it is, or is part of, such a key.
        references: What it refers to, such as `public.organizations(id)`.
        comment: What the contract wants the comment on it to be.
        levels: Of what is said of this column alone.
    """

    name: str
    type: str | None = None
    nullable: bool | None = None
    default: str | None = None
    keys: dict[str, None] = field(default_factory=dict)
    references: dict[str, None] = field(default_factory=dict)
    comment: str | None = None
    levels: list[Level] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """How they stand together."""
        return standing(self.levels)


def columns_of(entries: Sequence[Entry], comments: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns that the outcomes of one relation speak of, in the order of the table where that is said.

    Args:
        entries: The outcomes.
        comments: The comments on columns, by name.
    """
    found: dict[str, Column] = {}
    for name in _named(entries):
        found.setdefault(name, Column(quote(name), comment=comments.get(name)))
    for entry in entries:
        said = entry.outcome.expectation
        column = found.get(_text(said.get("column")))
        if column is not None:
            column.levels.append(entry.level)
            _put(column, entry.outcome.kind, said)
        elif entry.outcome.kind in _KEYS:
            for name in filter(found.__contains__, _texts(said.get("columns"))):
                _key(found[name], entry.outcome.kind, said)
    return tuple(found.values())


def _named(entries: Sequence[Entry]) -> Iterator[str]:
    """The table's columns; what its keys and rules name is among them, where anything is said of it."""
    for entry in entries:
        if entry.outcome.kind == "ColumnsAre":
            yield from _texts(entry.outcome.expectation.get("columns"))
    for entry in entries:
        if entry.outcome.kind.startswith("Column") and (name := _text(entry.outcome.expectation.get("column"))):
            yield name


def _put(column: Column, kind: str, said: Mapping[str, Any]) -> None:
    if kind == "ColumnType":
        column.type = _text(said.get("type"))
    elif kind in {"ColumnNotNull", "ColumnNullable"}:
        column.nullable = kind == "ColumnNullable"
    elif kind == "ColumnDefault":
        column.default = column.default or _text(said.get("default"))
    elif kind == "ColumnGenerated":
        column.default = f"GENERATED ALWAYS AS ({_text(said.get('expression')) or '…'})"
    elif kind == "ColumnIdentity":
        column.default = " ".join(filter(None, ("GENERATED", _text(said.get("generated")), "AS IDENTITY")))


def _key(column: Column, kind: str, said: Mapping[str, Any]) -> None:
    column.keys[_KEYS[kind]] = None
    if kind == "ForeignKey" and (references := _text(said.get("references"))):
        column.references[references] = None


def _text(value: object) -> str:
    """A saved report may hold anything."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def _texts(value: object) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list | tuple) else []
