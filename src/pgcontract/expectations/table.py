"""The short way to say the usual of a table; in Python `table(…)`, in a contract file the section `tables`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypedDict

from pydantic import BeforeValidator, Field

from pgcontract.contract.fields import AnyCase, Identifier, Identifiers, Relation, Relations
from pgcontract.contract.section import Section
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.inheritance import InheritsFrom
from pgcontract.expectations.key_parts import CheckForm, ExclusionConstraintForm, ForeignKeyForm, IndexForm, UniqueForm
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf
from pgcontract.expectations.parts import (
    GRANT,
    ColumnForm,
    GrantForm,
    PartitionForm,
    PartitioningForm,
    PolicyForm,
    RlsForm,
    RuleForm,
    TriggerForm,
    definition,
)
from pgcontract.expectations.policies import PoliciesAre, PolicyPresent
from pgcontract.expectations.rules import RulePresent, RulesAre
from pgcontract.expectations.short import Short, bare
from pgcontract.expectations.storage import ReplicaIdentity
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.triggers import TriggerPresent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from typing_extensions import Unpack

    from pgcontract.contract.expectation import Expectation
    from pgcontract.verdict import Severity


ReplicaIdentities = Annotated[Literal["DEFAULT", "FULL", "NOTHING"], AnyCase(("DEFAULT", "FULL", "NOTHING"))]


class ColumnSpec(TypedDict, total=False):
    """What may be said of a column in `table(columns={…})`."""

    type: str
    nullable: bool
    default: str | float | None
    generated: str | Mapping[str, Any] | None
    identity: str | Mapping[str, Any] | None
    comment: str | None
    severity: Severity
    tags: str | Sequence[str]
    because: str


class WholeSpec(TypedDict, total=False):
    """What may be said of a table as a whole in `table(…)`."""

    exclusions: Sequence[str | Sequence[str] | Mapping[str, Any]]
    rules: Mapping[str, Mapping[str, Any]]
    owned_by: str
    comment: str | None
    partitioned_by: str | Sequence[str] | Mapping[str, Any]
    partition_of: str | Mapping[str, Any]
    inherits: str | Sequence[str]
    replica_identity: str


def _rls(value: Any) -> Any:
    return {} if value is True else value


class TableForm(Short):
    """What a contract says of a table; each part is optional, and what is left out is not checked.

    Attributes:
        columns: By name; in the order they are wanted in reports. `id: uuid not null` is a whole definition.
        primary_key: Its columns.
        foreign_keys: A list.
        unique: A list of columns, or of lists of columns.
        checks: A list of expressions.
        exclusions: A list of elements, or of lists of elements, or with their properties.
        indexes: A list of keys, or of lists of keys, or with their properties.
        rls: `true`, or `{owner: column}`.
        policies: By name; with `{}` for a policy of which only the name matters. They are all there may be, beside
            owner policies that `rls` names.
        triggers: By name.
        grants: By role, exactly the privileges on the table that it effectively has; `[]` for none. A privilege on
            some columns only is a mapping: `[select, {update: [name, label]}]`.
        rules: By name; they are all there may be.
        owned_by: The role that owns the table.
        comment: The comment on it; `null` for none.
        partitioned_by: The key of a partitioned table, or its `strategy` and `key`.
        partition_of: The table that it is a partition of, or that `parent` and the `bound`.
        inherits: The tables that it inherits from.
        replica_identity: `default`, `full` or `nothing`.
        severity: For all of it.
        tags: For all of it.
        because: For all of it.
    """

    columns: dict[str, Annotated[ColumnForm, BeforeValidator(definition, json_schema_input_type=str | ColumnForm)]] = (
        Field(default_factory=dict)
    )
    primary_key: Identifiers = ()
    foreign_keys: list[ForeignKeyForm] = Field(default_factory=list)
    unique: list[Annotated[UniqueForm, bare("columns", str | list[str] | UniqueForm)]] = Field(default_factory=list)
    checks: list[Annotated[CheckForm, bare("expression", str | CheckForm)]] = Field(default_factory=list)
    exclusions: list[
        Annotated[ExclusionConstraintForm, bare("elements", str | list[str] | ExclusionConstraintForm)]
    ] = Field(default_factory=list)
    indexes: list[Annotated[IndexForm, bare("columns", str | list[str] | IndexForm)]] = Field(default_factory=list)
    rls: Annotated[RlsForm | None, BeforeValidator(_rls, json_schema_input_type=Literal[True] | RlsForm | None)] = None
    policies: dict[str, PolicyForm] | None = None
    triggers: dict[str, Annotated[TriggerForm, bare("function", str | TriggerForm)]] = Field(default_factory=dict)
    grants: dict[str, Annotated[GrantForm, GRANT]] = Field(default_factory=dict)

    rules: dict[str, RuleForm] | None = None
    owned_by: Identifier | None = None
    comment: str | None = None
    partitioned_by: Annotated[PartitioningForm, bare("key", str | list[str] | PartitioningForm)] | None = None
    partition_of: Annotated[PartitionForm, bare("parent", str | PartitionForm)] | None = None
    inherits: Relations = ()
    replica_identity: ReplicaIdentities | None = None

    def expand(self, table: str) -> Iterator[Expectation]:
        """The expectations, each with the table's severity and reason, unless it has its own, and with its tags."""
        return self.over(self._expand(table))

    def _expand(self, table: str) -> Iterator[Expectation]:
        yield TableExists(table)
        for name, column in self.columns.items():
            yield from column.expand(table, name)
        yield from self._constraints(table)
        yield from (IndexPresent(table, **index.given()) for index in self.indexes)
        yield from self._policies(table)
        yield from (TriggerPresent(table, name, **trigger.given()) for name, trigger in self.triggers.items())
        for role, grant in self.grants.items():
            yield from grant.expand(table, role)
        yield from self._nature(table)

    def _nature(self, table: str) -> Iterator[Expectation]:
        """What is said of the table as a whole."""
        if self.partitioned_by is not None:
            yield PartitionedBy(table, **self.partitioned_by.given())
        if self.partition_of is not None:
            yield PartitionOf(table, **self.partition_of.given())
        yield from (InheritsFrom(table, parent) for parent in self.inherits)
        if self.rules is not None:
            yield from (RulePresent(table, name, **rule.given()) for name, rule in self.rules.items())
            yield RulesAre(table, list(self.rules))
        if self.owned_by is not None:
            yield OwnerIs("table", table, self.owned_by)
        if self.replica_identity is not None:
            yield ReplicaIdentity(table, self.replica_identity)
        if "comment" in self.model_fields_set:
            yield CommentIs("table", table, self.comment)

    def _policies(self, table: str) -> Iterator[Expectation]:
        if self.rls is not None:
            yield from self.rls.expand(table)
        if self.policies is None:
            return
        yield from (PolicyPresent(table, name, **policy.given()) for name, policy in self.policies.items())
        owners = () if self.rls is None else self.rls.names()
        yield PoliciesAre(table, [*owners, *self.policies])

    def _constraints(self, table: str) -> Iterator[Expectation]:
        if self.primary_key:
            yield PrimaryKey(table, self.primary_key)
        yield from (ForeignKey(table, **key.given()) for key in self.foreign_keys)
        yield from (UniqueConstraint(table, **unique.given()) for unique in self.unique)
        yield from (CheckConstraint(table, **check.given()) for check in self.checks)
        yield from (ExclusionConstraint(table, **exclusion.given()) for exclusion in self.exclusions)


class Tables(Section):
    """Tables by name, each in the short form."""

    key: ClassVar[str] = "tables"
    root: dict[Relation, TableForm]

    def expand(self) -> Iterator[Expectation]:
        """All of every table."""
        for name, form in self.root.items():
            yield from form.expand(name)


def table(  # noqa: PLR0913 - each is a part of a table
    name: str,
    *,
    columns: Mapping[str, str | ColumnSpec] | None = None,
    primary_key: str | Sequence[str] = (),
    foreign_keys: Sequence[Mapping[str, Any]] = (),
    unique: Sequence[str | Sequence[str] | Mapping[str, Any]] = (),
    checks: Sequence[str | Mapping[str, Any]] = (),
    indexes: Sequence[str | Sequence[str] | Mapping[str, Any]] = (),
    owner: str | None = None,
    rls: Mapping[str, Any] | Literal[True] | None = None,
    policies: Mapping[str, Mapping[str, Any]] | None = None,
    triggers: Mapping[str, str | Mapping[str, Any]] | None = None,
    grants: Mapping[str, str | Sequence[str | Mapping[str, str | Sequence[str]]]] | None = None,
    severity: Severity = "error",
    tags: str | Collection[str] = (),
    because: str | None = None,
    **whole: Unpack[WholeSpec],
) -> tuple[Expectation, ...]:
    """The usual expectations of a table, in the short form of contract files; `TableForm` describes each part.

    `owner` is the column that holds the user whose row it is: row-level security is on, and for each of the four
    commands a policy lets a user at his own rows. It is short for `rls={"owner": …}`.

    Raises:
        pydantic.ValidationError: A key is unknown or a value is wrong.
    """
    parts: dict[str, Any] = {
        "columns": columns,
        "primary_key": primary_key,
        "foreign_keys": foreign_keys,
        "unique": unique,
        "checks": checks,
        "indexes": indexes,
        "rls": rls if owner is None else {**(rls if isinstance(rls, Mapping) else {}), "owner": owner},
        "policies": policies,
        "triggers": triggers,
        "grants": grants,
        "severity": severity,
        "tags": tags,
        "because": because,
    }
    given = {key: value for key, value in parts.items() if value is not None} | whole
    return tuple(TableForm.model_validate(given).expand(name))
