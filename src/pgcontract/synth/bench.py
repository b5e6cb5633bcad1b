"""What a maker works with, and the rows that it is in the middle of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.synth.plan import Plan, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session
    from pgcontract.synth.draw import Draw
    from pgcontract.synth.filtering import Filter
    from pgcontract.synth.levels import Level
    from pgcontract.synth.pins import Canary, Inserted, Pin
    from pgcontract.synth.state import State

Parents: TypeAlias = "Mapping[str, Inserted | Sequence[Inserted]]"
"""Rows that foreign keys refer to, by the canonical name of their table."""


@dataclass(frozen=True, slots=True)
class Order:
    """A row that is wanted.

    Attributes:
        table: The canonical name.
        where: Values of columns, or strategies.
        parents: What it and the rows made for it refer to.
        avoid: Values that columns may not get.
        levels: The sides of values that it should show.
    """

    table: str
    where: Mapping[str, Any] = field(default_factory=dict)
    parents: Parents = field(default_factory=dict)
    avoid: Mapping[str, Collection[Any]] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)


@dataclass(slots=True)
class Frame:
    """A row that is being made.

    Attributes:
        order: What is wanted.
        plan: Of its table.
        parents: What it refers to, where it is said.
        attempt: How many went wrong before this one.
        fixed: What is settled so far.
        planned: What stays settled from attempt to attempt: a row that came first refers to it.
        state: What is known of the row in this attempt.
        made: The rows made for it.
        unmarked: Columns that get no marker any more.
        emptied: Columns that are NULL where they may be.
        later: Foreign keys that are NULL now because what they refer to refers back; they are filled afterwards.
        promised: The keys that rows are going to have that come after this one, by the foreign key that needs them.
    """

    order: Order
    plan: Plan
    parents: Parents
    attempt: int = 0
    fixed: dict[str, Any] = field(default_factory=dict)
    planned: dict[str, Any] = field(default_factory=dict)
    state: State | None = None
    made: list[Inserted] = field(default_factory=list)
    unmarked: set[str] = field(default_factory=set)
    emptied: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    promised: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Bench:
    """What all rows of a maker share.

    Attributes:
        session: Where rows go in.
        catalog: What the tables are.
        draw: Where choices come from.
        filter: Lets the server choose among candidates.
        make: Makes another row, with all that it needs.
        pin: Asked for every column of every row.
        canary: Gives the markers.
        parents: What foreign keys refer to where nothing else is said.
        made: The rows that went in, by table.
        frames: The rows that are being made, the outermost first.
        deferred: Whether constraints were put off, and have to be checked in the end.
    """

    session: Session
    catalog: Catalog
    draw: Draw
    filter: Filter
    make: Callable[[Order], Inserted]
    pin: Pin | None = None
    canary: Canary | None = None
    parents: Parents = field(default_factory=dict)
    made: dict[str, list[Inserted]] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    deferred: bool = False
    _plans: dict[str, Plan] = field(default_factory=dict)

    def plan(self, table: str) -> Plan:
        """The plan for a table, worked out once.

        Raises:
            MissingObjectError: There is no such table.
        """
        if table not in self._plans:
            self._plans[table] = plan_of(self.catalog, table)
        return self._plans[table]


def agrees(row: Inserted, settled: Mapping[str, Any]) -> bool:
    """Whether the row has these values; they may have come from the server or from Python."""
    return all(str(row.values.get(name)) == str(value) for name, value in settled.items())
