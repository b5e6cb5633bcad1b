"""Constraints, as pg_constraint has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pgcontract.making import maker
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.lookups import Lookups

ConstraintKind = Literal["PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK", "EXCLUDE", "TRIGGER"]
Action = Literal["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]
Match = Literal["SIMPLE", "FULL", "PARTIAL"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of a table.

    Attributes:
        name: Its name, unquoted.
        kind: Which kind of constraint, in SQL's words.
        columns: The columns it constrains, in its order; empty where an expression names them.
        references: The referenced table's canonical name (foreign keys).
        referenced_columns: The referenced columns, in the order of `columns`.
        on_update: What an update of the referenced row does.
        on_delete: What its deletion does.
        on_delete_columns: Which columns a deletion sets; empty for all (from version 15).
        match: How partly null keys match.
        expression: A CHECK's expression, as Postgres deparses it.
        definition: An exclusion constraint's whole definition.
        deferrable: Whether checking can be put off to the end of the transaction.
        deferred: Whether it is put off unless told otherwise.
        validated: False while it is `NOT VALID`.
        enforced: False where it is `NOT ENFORCED` (from version 18).
        period: Whether its last column is a `PERIOD` or `WITHOUT OVERLAPS` (from version 18).
        no_inherit: Whether children do not inherit it.
        index: The name of the index behind it.
    """

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...] = ()
    references: str | None = None
    referenced_columns: tuple[str, ...] = ()
    on_update: Action | None = None
    on_delete: Action | None = None
    on_delete_columns: tuple[str, ...] = ()
    match: Match | None = None
    expression: str | None = None
    definition: str | None = None
    deferrable: bool = False
    deferred: bool = False
    validated: bool = True
    enforced: bool = True
    period: bool = False
    no_inherit: bool = False
    index: str | None = None
    comment: str | None = None


_constraint = maker(Constraint)

Attributes: TypeAlias = "Mapping[int, Mapping[int, str]]"
"""The names of columns by their number, by the oid of their relation; empty for one that is not read."""

_KINDS: dict[str, ConstraintKind] = {
    "p": "PRIMARY KEY",
    "u": "UNIQUE",
    "f": "FOREIGN KEY",
    "c": "CHECK",
    "x": "EXCLUDE",
    "t": "TRIGGER",
}
_ACTIONS: dict[str, Action] = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_MATCHES: dict[str, Match] = {"s": "SIMPLE", "f": "FULL", "p": "PARTIAL"}


def from_row(row: tuple[Any, ...], names: Mapping[int, str], attributes: Attributes, known: Lookups) -> Constraint:
    """The record that a row of `sql/constraints.sql` makes; `names` are relations by their oid."""
    oid, name, kind, key, target, target_key, update, delete, match, set_columns, enforced, period, *rest = row
    deferrable, deferred, validated, no_inherit, expression, definition, index, own = rest
    foreign, columns = kind == "f", attributes[oid]
    return _constraint(
        name=name,
        kind=_KINDS[kind],
        columns=() if kind == "c" else _columns(columns, key),
        references=names.get(target) if foreign else None,
        referenced_columns=_columns(attributes[target], target_key) if foreign else (),
        on_update=_ACTIONS[update] if foreign else None,
        on_delete=_ACTIONS[delete] if foreign else None,
        on_delete_columns=_columns(columns, set_columns) if set_columns else (),
        match=_MATCHES[match] if foreign else None,
        expression=expression,
        definition=definition,
        deferrable=deferrable,
        deferred=deferred,
        validated=validated,
        enforced=enforced,
        period=period,
        no_inherit=no_inherit and kind == "c",
        index=None if foreign or index not in known.classes else known.classes[index][2],
        comment=known.comments.get(("constraint", own, 0)) if known.comments else None,
    )


def _columns(known: Mapping[int, str], numbers: Iterable[int] | None) -> tuple[str, ...]:
    """The columns by name; an expression has the number 0, and a table of the system's is not read."""
    return tuple([known[number] for number in numbers or () if number in known])
