"""The short way to say the usual of a table; in Python `table(…)`, in a contract file the section `tables`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypedDict

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pgcontract.contract.fields import Identifiers, Relation, Routine, Sql, Texts
from pgcontract.contract.section import Section
from pgcontract.expectations.columns import ColumnDefault, ColumnExists, ColumnNotNull, ColumnNullable, ColumnType
from pgcontract.expectations.constraints import Actions, CheckConstraint, ForeignKey, PrimaryKey, UniqueConstraint
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.policies import Commands, PoliciesAre, PolicyPresent, Roles
from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted, Privileges
from pgcontract.expectations.rls import RlsEnabled, RlsForced
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.triggers import Events, TriggerPresent
from pgcontract.names import quote
from pgcontract.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.policies import Command
    from pgcontract.contract.expectation import Expectation

_TABLE_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_COMMANDS: tuple[Command, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")


class ColumnSpec(TypedDict, total=False):
    """What may be said of a column in `table(columns={…})`."""

    type: str
    nullable: bool
    default: str | float | None


def _short(key: str) -> BeforeValidator:
    """A bare value stands for the mapping that has it under the key."""
    return BeforeValidator(lambda value: value if isinstance(value, dict | BaseModel) else {key: value})


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnForm(_Form):
    """`type`, `nullable`, `default`; each is compared when it is given. A bare text is the type."""

    type: Sql | None = None
    nullable: bool | None = None
    default: Sql | None = None

    def expand(self, table: str, column: str) -> Iterator[Expectation]:
        yield ColumnExists(table, column)
        if self.type is not None:
            yield ColumnType(table, column, self.type)
        if self.nullable is not None:
            yield (ColumnNullable if self.nullable else ColumnNotNull)(table, column)
        if "default" in self.model_fields_set:
            yield ColumnDefault(table, column, self.default)


class ForeignKeyForm(_Form):
    """As ForeignKey has it, without the table."""

    columns: Identifiers
    references: Routine
    on_delete: Actions | None = None
    on_update: Actions | None = None
    name: str | None = None


class CheckForm(_Form):
    """As CheckConstraint has it, without the table. A bare text is the expression."""

    expression: Sql
    name: str | None = None


class UniqueForm(_Form):
    """As UniqueConstraint has it, without the table. A bare name or list is the columns."""

    columns: Identifiers
    name: str | None = None


class IndexForm(_Form):
    """As IndexPresent has it, without the table. A bare text or list is the keys."""

    columns: Texts
    name: str | None = None
    unique: bool | None = None
    method: str = "btree"
    where: Sql | None = None
    include: Identifiers = ()


class PolicyForm(_Form):
    """As PolicyPresent has it, without the table and the name."""

    command: Commands | None = None
    roles: Roles | None = None
    permissive: bool | None = None
    using: Sql | None = None
    with_check: Sql | None = None


class TriggerForm(_Form):
    """As TriggerPresent has it, without the table and the name. A bare text is the function."""

    function: Routine | None = None
    timing: str | None = None
    events: Events | None = None
    level: str | None = None
    when: Sql | None = None
    enabled: bool = True


class RlsForm(_Form):
    """Row-level security: `owner` says that each of the commands has a policy that lets a user at his own rows.

    Attributes:
        owner: The column that holds the user; None for no owner policies.
        identity: The expression that gives the user who is asking.
        commands: For which commands there are owner policies.
        role: Whom the owner policies are for.
        forced: Whether it must hold for the table's owner too.
        closed: Whether the named policies are all there may be.
    """

    owner: str | None = None
    identity: str = "(select auth.uid())"
    commands: tuple[Commands, ...] = _COMMANDS
    role: str = "authenticated"
    forced: bool = False

    def expand(self, table: str) -> Iterator[Expectation]:
        yield RlsEnabled(table)
        if self.forced:
            yield RlsForced(table)
        if self.owner is None:
            return
        mine = f"{self.identity} = {quote(self.owner)}"
        for command in self.commands:
            using = None if command == "INSERT" else mine
            check = mine if command == "INSERT" else None
            yield PolicyPresent(
                table, command=command, roles=[self.role], permissive=True, using=using, with_check=check
            )


def _rls(value: Any) -> Any:
    return {} if value is True else value


class TableForm(_Form):
    """What a contract says of a table; each part is optional, and what is left out is not checked.

    Attributes:
        columns: By name; in the order they are wanted in reports.
        primary_key: Its columns.
        foreign_keys: A list.
        unique: A list of columns, or of lists of columns.
        checks: A list of expressions, or of expressions by name.
        indexes: A list of keys, or of lists of keys, or with their properties.
        rls: `true`, or `{owner: column}`.
        policies: By name; with `{}` for a policy of which only the name matters. They are all there may be.
        triggers: By name.
        grants: By role, exactly the privileges on the table that it effectively has; `[]` for none.
        severity: For all of it.
        tags: For all of it.
        because: For all of it.
    """

    columns: dict[str, Annotated[ColumnForm, _short("type")]] = Field(default_factory=dict)
    primary_key: Identifiers = ()
    foreign_keys: list[ForeignKeyForm] = Field(default_factory=list)
    unique: list[Annotated[UniqueForm, _short("columns")]] = Field(default_factory=list)
    checks: list[Annotated[CheckForm, _short("expression")]] = Field(default_factory=list)
    indexes: list[Annotated[IndexForm, _short("columns")]] = Field(default_factory=list)
    rls: Annotated[RlsForm | None, BeforeValidator(_rls)] = None
    policies: dict[str, PolicyForm] | None = None
    triggers: dict[str, Annotated[TriggerForm, _short("function")]] = Field(default_factory=dict)
    grants: dict[str, Privileges] = Field(default_factory=dict)
    severity: Severity = "error"
    tags: Identifiers = ()
    because: str | None = None

    def expand(self, table: str) -> Iterator[Expectation]:
        """The expectations, each with the table's severity, tags and reason."""
        common = {"severity": self.severity, "tags": frozenset(self.tags), "because": self.because}
        for expectation in self._expand(table):
            yield expectation.model_copy(update=common)

    def _expand(self, table: str) -> Iterator[Expectation]:
        yield TableExists(table)
        for name, column in self.columns.items():
            yield from column.expand(table, name)
        yield from self._constraints(table)
        yield from (IndexPresent(table, **_given(index)) for index in self.indexes)
        if self.rls is not None:
            yield from self.rls.expand(table)
        yield from (PolicyPresent(table, name, **_given(policy)) for name, policy in (self.policies or {}).items())
        if self.policies is not None:
            yield PoliciesAre(table, list(self.policies))
        yield from (TriggerPresent(table, name, **_given(trigger)) for name, trigger in self.triggers.items())
        for role, privileges in self.grants.items():
            yield from _grants(table, role, privileges)

    def _constraints(self, table: str) -> Iterator[Expectation]:
        if self.primary_key:
            yield PrimaryKey(table, self.primary_key)
        yield from (ForeignKey(table, **_given(key)) for key in self.foreign_keys)
        yield from (UniqueConstraint(table, **_given(unique)) for unique in self.unique)
        yield from (CheckConstraint(table, **_given(check)) for check in self.checks)


def _given(form: BaseModel) -> dict[str, Any]:
    return {name: getattr(form, name) for name in form.model_fields_set}


def _grants(table: str, role: str, privileges: Sequence[str]) -> Iterator[Expectation]:
    others = [privilege for privilege in _TABLE_PRIVILEGES if privilege not in privileges]
    if privileges:
        yield PrivilegeGranted(role, privileges, table=table)
    if others:
        yield PrivilegeNotGranted(role, others, table=table)


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
    grants: Mapping[str, str | Sequence[str]] | None = None,
    severity: Severity = "error",
    tags: str | Sequence[str] = (),
    because: str | None = None,
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
    given = {key: value for key, value in parts.items() if value is not None}
    return tuple(TableForm.model_validate(given).expand(name))
