"""The parts of a table in its short form, each as its expectation has it, without the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from pgcontract.contract.fields import Identifiers, Relation
from pgcontract.expectations.interference import RlsIsolates
from pgcontract.expectations.part_form import PartForm
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf
from pgcontract.expectations.policies import Commands, PolicyPresent
from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted, Privileges, PrivilegeWord, known
from pgcontract.expectations.rls import RlsDisabled, RlsEnabled, RlsForced, RlsNotForced
from pgcontract.expectations.rules import RulePresent
from pgcontract.expectations.short import Short, stating
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.policies import Command
    from pgcontract.contract.expectation import Expectation

_TABLE_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
_COMMANDS: tuple[Command, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")


@stating(RulePresent, "relation", "name")
class RuleForm(PartForm):
    """As RulePresent has it, without the table and the name."""


@stating(PartitionedBy, "table")
class PartitioningForm(Short):
    """As PartitionedBy has it, without the table. A bare text or list is the key."""


@stating(PartitionOf, "partition")
class PartitionForm(Short):
    """As PartitionOf has it, without the partition. A bare text is the parent."""

    parent: Relation


@stating(PolicyPresent, "table", "name")
class PolicyForm(PartForm):
    """As PolicyPresent has it, without the table and the name."""


@stating(TriggerPresent, "table", "name")
class TriggerForm(PartForm):
    """As TriggerPresent has it, without the table and the name. A bare text is the function."""

    constraint: bool | None = None


def grant(value: Any) -> Any:
    """A list of privileges, in which a mapping names the columns that a privilege is granted on."""
    if isinstance(value, BaseModel):
        return value
    items = list(value) if isinstance(value, list | tuple) else [value]
    columns = [pair for item in items if isinstance(item, dict) for pair in item.items()]
    if len(dict(columns)) < len(columns):
        raise ValueError("names the columns of a privilege twice")
    return {"whole": [item for item in items if not isinstance(item, dict)], "columns": dict(columns)}


def _privileges(columns: dict[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {known(privilege): names for privilege, names in columns.items()}


class GrantForm(BaseModel, frozen=True):
    """What a role may do with a table, and nothing else: `[select, delete, {update: [label]}]`.

    Attributes:
        whole: The privileges on the whole table.
        columns: Those on some columns only, by privilege.
    """

    whole: Privileges = ()
    columns: Annotated[dict[str, Identifiers], AfterValidator(_privileges)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_or_the_other(self) -> GrantForm:
        both = [privilege for privilege in self.columns if privilege in self.whole]
        if both:
            raise ValueError(f"{both[0]} is either on the whole table or on some columns")
        return self

    def expand(self, table: str, role: str) -> Iterator[Expectation]:
        """These it has, the others it has not."""
        if self.whole:
            yield PrivilegeGranted(role, self.whole, table=table)
        for privilege, columns in self.columns.items():
            yield PrivilegeGranted(role, privilege, table=table, columns=columns)
            yield PrivilegeNotGranted(role, privilege, table=table, except_columns=columns)
        others = [privilege for privilege in _TABLE_PRIVILEGES if privilege not in {*self.whole, *self.columns}]
        if others:
            yield PrivilegeNotGranted(role, others, table=table)


_OnColumns = dict[PrivilegeWord, str | list[str]]
GRANT = BeforeValidator(grant, json_schema_input_type=PrivilegeWord | _OnColumns | list[PrivilegeWord | _OnColumns])


class RlsForm(Short):
    """Row-level security: `owner` says that each of the commands has a policy that lets a user at his own rows.

    Attributes:
        enabled: Whether it is on.
        owner: The column that holds the user; None for no owner policies.
        identity: The expression that gives the user who is asking.
        commands: For which commands there are owner policies.
        role: Whom the owner policies are for.
        named: What the owner policies are called, `{command}` being the command in lower case: `owner_{command}`.
            None: any policy that fits will do.
        forced: Whether it must hold for the table's owner too; not compared unless it is said.
        isolates: Whether it is tried that nobody reaches another's rows.
    """

    enabled: bool = True
    owner: str | None = None
    identity: str = "(select auth.uid())"
    commands: Annotated[
        tuple[Commands, ...],
        BeforeValidator(
            lambda value: (value,) if isinstance(value, str) else value,
            json_schema_input_type=Commands | list[Commands],
        ),
    ] = _COMMANDS
    role: str = "authenticated"
    named: str | None = None
    forced: bool | None = None
    isolates: bool = False

    @model_validator(mode="after")
    def _possible(self) -> RlsForm:
        if not self.enabled and (self.owner is not None or self.isolates):
            raise ValueError("where it is not enabled, it lets everybody at every row")
        return self

    def name(self, command: Command) -> str | None:
        """What the owner policy for the command is called, if that was said."""
        return None if self.named is None else self.named.replace("{command}", command.lower())

    def names(self) -> Iterator[str]:
        """What the owner policies are called, as far as that was said."""
        if self.owner is not None:
            yield from filter(None, map(self.name, self.commands))

    def expand(self, table: str) -> Iterator[Expectation]:
        """It is enabled, and forced if that was said, and there are owner policies."""
        return self.over(self._expand(table))

    def _expand(self, table: str) -> Iterator[Expectation]:
        yield RlsEnabled(table) if self.enabled else RlsDisabled(table)
        if self.forced is not None:
            yield RlsForced(table) if self.forced else RlsNotForced(table)
        if self.isolates:
            yield RlsIsolates(table, self.owner)
        if self.owner is None:
            return
        mine = f"{self.identity} = {quote(self.owner)}"
        for command in self.commands:
            using = None if command == "INSERT" else mine
            check = mine if command == "INSERT" else None
            yield PolicyPresent(
                table, self.name(command), command, [self.role], permissive=True, using=using, with_check=check
            )
