"""A table in its short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from pgcontract.contract.fields import AnyCase, Identifier, Relations
from pgcontract.expectations.closed_relation import closing
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.inheritance import ChildrenAre, InheritsFrom, ParentsAre
from pgcontract.expectations.key_parts import (
    CheckForm,
    ExclusionConstraintForm,
    ForeignKeyForm,
    PrimaryKeyForm,
    UniqueForm,
)
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf, PartitionsAre
from pgcontract.expectations.parts import PartitionForm, PartitioningForm, PolicyForm, RlsForm
from pgcontract.expectations.policies import PoliciesAre, PolicyPresent
from pgcontract.expectations.relation_form import RelationForm
from pgcontract.expectations.short import Short, bare, stating
from pgcontract.expectations.storage import Clustered, ReplicaIdentity
from pgcontract.expectations.table_storage import Persistences, TableStorage
from pgcontract.expectations.tables import TableExists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation

_IDENTITIES = ("DEFAULT", "FULL", "NOTHING")
ReplicaIdentities = Annotated[Literal["DEFAULT", "FULL", "NOTHING"], AnyCase(_IDENTITIES)]


class IdentityIndexForm(Short):
    """The index that is a table's replica identity."""

    index: Identifier


@stating(TableStorage, "table")
class StorageForm(Short):
    """As TableStorage has it, without the table."""

    persistence: Persistences | None = None


def _rls(value: Any) -> Any:
    return {"enabled": value} if isinstance(value, bool) else value


class TableForm(RelationForm):
    """What a contract says of a table; each part is optional, and what is left out is not checked.

    Attributes:
        comment: The comment on it; `null` for none.
        owned_by: The role that owns the table.
        acl: By role what it was granted, and nothing else to nobody else; `{}` for nothing. The owner has everything,
            unless it is named. `all` is every privilege, `select with grant option` one that may be granted on, and
            `{update: [label]}` one on some columns.
        closed: `true`: what is not written here is not there. Or of which of its parts that holds.
        columns: By name; in the order they are wanted in reports. `id: uuid not null` is a whole definition.
        primary_key: Its columns.
        foreign_keys: A list.
        unique: A list of columns, or of lists of columns.
        checks: A list of expressions.
        exclusions: A list of elements, or of lists of elements, or with their properties.
        indexes: A list of keys, or of lists of keys, or with their properties.
        statistics: A list of lists of columns and expressions, or with their properties.
        rls: `true`, `false`, or `{owner: column}`.
        policies: By name; with `{}` for a policy of which only the name matters. They are all there may be, beside
            owner policies that `rls` names.
        triggers: By name.
        grants: By role, exactly the privileges on the table that it effectively has; `[]` for none. A privilege on
            some columns only is a mapping: `[select, {update: [name, label]}]`.
        rules: By name; they are all there may be.
        rows: How many there are: a number, or the least and the most.
        satisfies: Conditions in SQL that every row satisfies.
        partitioned_by: The key of a partitioned table, or its `strategy` and `key`.
        partition_of: The table that it is a partition of, or that `parent` and the `bound`.
        inherits: Tables that it inherits from.
        parents: All tables that it inherits from.
        children: All tables that inherit from it.
        partitions: All its partitions.
        storage: `unlogged` or `permanent`; or that `persistence`, and the storage `parameters`.
        clustered_on: The index that it is clustered on; `null` for none.
        replica_identity: `default`, `full` or `nothing`, or `{index: name}`.
        severity: For all of it.
        tags: For all of it.
        because: For all of it.
    """

    primary_key: Annotated[PrimaryKeyForm | None, bare("columns", str | list[str] | PrimaryKeyForm)] = None
    foreign_keys: list[ForeignKeyForm] = Field(default_factory=list)
    unique: list[Annotated[UniqueForm, bare("columns", str | list[str] | UniqueForm)]] = Field(default_factory=list)
    checks: list[Annotated[CheckForm, bare("expression", str | CheckForm)]] = Field(default_factory=list)
    exclusions: list[
        Annotated[ExclusionConstraintForm, bare("elements", str | list[str] | ExclusionConstraintForm)]
    ] = Field(default_factory=list)
    rls: Annotated[
        RlsForm | None, BeforeValidator(_rls, json_schema_input_type=Literal[True, False] | RlsForm | None)
    ] = None
    policies: dict[str, PolicyForm] | None = None
    partitioned_by: Annotated[PartitioningForm, bare("key", str | list[str] | PartitioningForm)] | None = None
    partition_of: Annotated[PartitionForm, bare("parent", str | PartitionForm)] | None = None
    inherits: Relations = ()
    parents: Relations | None = None
    children: Relations | None = None
    partitions: Relations | None = None
    storage: Annotated[StorageForm, bare("persistence", str | StorageForm)] | None = None
    clustered_on: Identifier | None = None
    replica_identity: ReplicaIdentities | IdentityIndexForm | None = None

    def expand(self, table: str) -> Iterator[Expectation]:
        """The expectations, each with the table's severity and reason, unless it has its own, and with its tags."""
        return self.over(self._expand(table))

    def _expand(self, table: str) -> Iterator[Expectation]:
        yield TableExists(table)
        yield from self._columns(table)
        yield from self._constraints(table)
        yield from self._indexes(table)
        yield from self._policies(table)
        yield from self._acting(table)
        yield from self._nature(table)
        yield from closing(self, "table", table)

    def _nature(self, table: str) -> Iterator[Expectation]:
        """What is said of the table as a whole."""
        if self.partitioned_by is not None:
            yield PartitionedBy(table, **self.partitioned_by.given())
        if self.partition_of is not None:
            yield PartitionOf(table, **self.partition_of.given())
        yield from (InheritsFrom(table, parent) for parent in self.inherits)
        for cls, names in ((ParentsAre, self.parents), (ChildrenAre, self.children), (PartitionsAre, self.partitions)):
            if names is not None:
                yield cls(table, names)
        yield from self._rules(table)
        if self.storage is not None:
            yield TableStorage(table, **self.storage.given())
        if "clustered_on" in self.model_fields_set:
            yield Clustered(table, self.clustered_on)
        if isinstance(self.replica_identity, IdentityIndexForm):
            yield ReplicaIdentity(table, "INDEX", self.replica_identity.index)
        elif self.replica_identity is not None:
            yield ReplicaIdentity(table, self.replica_identity)
        yield from self.about("table", table)

    def _policies(self, table: str) -> Iterator[Expectation]:
        if self.rls is not None:
            yield from self.rls.expand(table)
        if self.policies is None:
            return
        for name, policy in self.policies.items():
            yield from policy.stated(PolicyPresent(table, name, **self.part("policies", policy)), "policy")
        yield PoliciesAre(table, [*(self.rls.names() if self.rls else ()), *self.policies])

    def _constraints(self, table: str) -> Iterator[Expectation]:
        key = self.primary_key
        if key is not None and key.columns:
            yield from key.stated(PrimaryKey(table, **self.part("primary_key", key, "name")), "constraint")
        for foreign in self.foreign_keys:
            yield from foreign.stated(ForeignKey(table, **self.part("foreign_keys", foreign)), "constraint")
        for unique in self.unique:
            yield from unique.stated(UniqueConstraint(table, **self.part("unique", unique)), "constraint")
        for check in self.checks:
            yield from check.stated(CheckConstraint(table, **self.part("checks", check)), "constraint")
        for exclusion in self.exclusions:
            yield from exclusion.stated(ExclusionConstraint(table, **self.part("exclusions", exclusion)), "constraint")
