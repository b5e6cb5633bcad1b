"""The other short forms of contract files: lists of what must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, PositiveFloat

from pgcontract.contract.fields import Identifiers, Routine, Sql, Texts
from pgcontract.contract.section import Section
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.expectations.functions import FunctionPresent, Parallels, Routines, Security, Volatilities
from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted
from pgcontract.expectations.roles import RoleExists
from pgcontract.expectations.short import Short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


def by_name(value: Any) -> Any:
    """A list of names stands for a mapping in which nothing more is said of each."""
    return {name: {} for name in value} if isinstance(value, list) else value


class ExtensionForm(Short):
    """As ExtensionInstalled has it, without the name."""

    minimum: str | None = None
    in_schema: str | None = None


class Extensions(Section):
    """Extensions: a list of names, or by name with `minimum` and `in_schema`."""

    key: ClassVar[str] = "extensions"
    root: Annotated[
        dict[str, ExtensionForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, ExtensionForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each is installed."""
        for name, form in self.root.items():
            yield ExtensionInstalled(name, **form.given())


class RoleForm(Short):
    """As RoleExists has it, without the name."""

    login: bool | None = None
    superuser: bool | None = None
    bypass_rls: bool | None = None
    create_role: bool | None = None
    create_database: bool | None = None
    inherit: bool | None = None
    replication: bool | None = None
    connection_limit: int | None = None
    settings: Texts = ()
    database_settings: Texts = ()
    member_of: Identifiers | None = None


class Roles(Section):
    """Roles: a list of names, or by name with their attributes and memberships."""

    key: ClassVar[str] = "roles"
    root: Annotated[
        dict[str, RoleForm], BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, RoleForm])
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield RoleExists(name, **form.given())


class FunctionForm(Short):
    """As FunctionPresent has it, without the signature; and who may execute it.

    Attributes:
        execute: The roles that may.
        not_execute: The roles that may not, `public` among them perhaps.
    """

    returns: Sql | None = None
    language: str | None = None
    volatility: Volatilities | None = None
    security: Security | None = None
    strict: bool | None = None
    settings: Texts = ()
    routine: Routines | None = None
    body: Sql | None = None
    parallel: Parallels | None = None
    leakproof: bool | None = None
    cost: PositiveFloat | None = None
    rows: PositiveFloat | None = None
    arguments: str | None = None
    execute: Texts = ()
    not_execute: Texts = ()

    def expand(self, signature: str) -> Iterator[Expectation]:
        """It exists, has these properties, and may be executed by these roles."""
        yield FunctionPresent(signature, **self.given("execute", "not_execute"))
        for role in self.execute:
            yield PrivilegeGranted(role, "EXECUTE", function=signature)
        for role in self.not_execute:
            yield PrivilegeNotGranted(role, "EXECUTE", function=signature)


class Functions(Section):
    """Functions by signature: a list, or with their properties."""

    key: ClassVar[str] = "functions"
    root: Annotated[
        dict[Routine, FunctionForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, FunctionForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, has these properties, and may be executed by these roles."""
        for signature, form in self.root.items():
            yield from form.over(form.expand(signature))
