"""Relations: tables, partitioned tables, views, materialised views and foreign tables, with all that hangs on them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from pgcontract.catalog.objects import Objects
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint, ConstraintKind
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.triggers import Trigger

RelationKind = Literal["table", "partitioned table", "view", "materialized view", "foreign table"]
Persistence = Literal["permanent", "unlogged", "temporary"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation. What hangs on it is keyed by its unquoted name, in the relation's own order.

    Attributes:
        name: Its canonical qualified name.
        rls_enabled: Whether row-level security is switched on.
        rls_forced: Whether it holds for the owner too.
        options: Storage parameters and view options, as `name=value`, sorted.
        is_partition: Whether it is a partition of another table.
        grants: Granted on the relation as a whole.
    """

    name: str
    kind: RelationKind
    owner: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    constraints: Mapping[str, Constraint] = field(default_factory=dict)
    indexes: Mapping[str, Index] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    triggers: Mapping[str, Trigger] = field(default_factory=dict)
    rls_enabled: bool = False
    rls_forced: bool = False
    persistence: Persistence = "permanent"
    options: tuple[str, ...] = ()
    is_partition: bool = False
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        for noun, plural in _PARTS.items():
            part = getattr(self, plural)
            if not isinstance(part, Objects):
                object.__setattr__(self, plural, Objects(noun, part, owner=self.name))

    @property
    def is_table(self) -> bool:
        """Whether it is an ordinary or a partitioned table."""
        return self.kind in {"table", "partitioned table"}

    @property
    def primary_key(self) -> Constraint | None:
        """Its primary key, or None."""
        return next(self.having("PRIMARY KEY"), None)

    def having(self, kind: ConstraintKind) -> Iterator[Constraint]:
        """Its constraints of one kind."""
        return (constraint for constraint in self.constraints.values() if constraint.kind == kind)


_PARTS = {
    "column": "columns",
    "constraint": "constraints",
    "index": "indexes",
    "policy": "policies",
    "trigger": "triggers",
}
