"""What a condition says, as a tree that keeps the SQL of its every part.

So that what is not understood can be shown as it stands: `Opaque` is such a part, and any node can be shown by `sql`.
"""

from __future__ import annotations

from typing import TypeAlias

from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part that is not understood."""

    sql: str


@dataclass(frozen=True, slots=True)
class Name:
    """A column, and the relation or alias that it is qualified with; empty for none."""

    sql: str
    qualifier: str
    column: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal without the casts about it; `true`, `false` and `null` in small letters."""

    sql: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its canonical name, or `coalesce`, `nullif`, `current_user`, …."""

    sql: str
    function: str
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """`operand::type`."""

    sql: str
    operand: Node
    type: str


@dataclass(frozen=True, slots=True)
class Elements:
    """`ARRAY[…]`."""

    sql: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An operator between two parts: `=`, `<>`, `->>`, `IS DISTINCT FROM`, …."""

    sql: str
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among:
    """`left operator ANY (right)`, or ALL; `right` is an array or a query. `IN (SELECT …)` is `= ANY`."""

    sql: str
    operator: str
    every: bool
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by `AND` or by `OR`."""

    sql: str
    word: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """`NOT operand`."""

    sql: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Test:
    """`operand IS [NOT] word`: NULL, TRUE, FALSE."""

    sql: str
    operand: Node
    word: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A relation that a query reads, and the name it has in it."""

    relation: str
    alias: str


@dataclass(frozen=True, slots=True)
class Query:
    """`SELECT item FROM sources WHERE …`; inner joins only, their conditions among the others.

    Attributes:
        item: What is selected; None where it does not matter.
        sources: What it reads; empty for `SELECT f()`.
        conditions: All of them must hold.
    """

    sql: str
    item: Node | None
    sources: tuple[Source, ...]
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """`EXISTS (query)`."""

    sql: str
    query: Query


Node: TypeAlias = (
    "Opaque | Name | Literal | Call | Cast | Elements | Comparison | Among | Logic | Negation | Test | Query | Exists"
)
