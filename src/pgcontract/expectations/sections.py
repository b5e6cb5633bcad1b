"""The other short forms of contract files: lists of what must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from pgcontract.contract.fields import Routine, Sql, Texts
from pgcontract.contract.section import Section
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.expectations.functions import FunctionPresent, Security, Volatilities
from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted
from pgcontract.expectations.roles import RoleExists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


def _by_name(value: Any) -> Any:
    """A list of names stands for a mapping in which nothing more is said of each."""
    return {name: {} for name in value} if isinstance(value, list) else value


class ExtensionForm(BaseModel):
    """As ExtensionInstalled has it, without the name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum: str | None = None
    in_schema: str | None = None


class Extensions(Section):
    """Extensions: a list of names, or by name with `minimum` and `in_schema`."""

    key: ClassVar[str] = "extensions"
    root: Annotated[dict[str, ExtensionForm], BeforeValidator(_by_name)]

    def expand(self) -> Iterator[Expectation]:
        """Each is installed."""
        for name, form in self.root.items():
            yield ExtensionInstalled(name, form.minimum, form.in_schema)


class Roles(Section):
    """Roles: a list of names."""

    key: ClassVar[str] = "roles"
    root: list[str]

    def expand(self) -> Iterator[Expectation]:
        """Each exists."""
        return (RoleExists(name) for name in self.root)


class FunctionForm(BaseModel):
    """As FunctionPresent has it, without the signature; and who may execute it.

    Attributes:
        execute: The roles that may; of the roles named `not_execute`, none may.
        not_execute: The roles that may not, `public` among them perhaps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    returns: Sql | None = None
    language: str | None = None
    volatility: Volatilities | None = None
    security: Security | None = None
    strict: bool | None = None
    settings: Texts = ()
    execute: Texts = ()
    not_execute: Texts = ()


class Functions(Section):
    """Functions by signature: a list, or with their properties."""

    key: ClassVar[str] = "functions"
    root: Annotated[dict[Routine, FunctionForm], BeforeValidator(_by_name)]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, has these properties, and may be executed by these roles."""
        for signature, form in self.root.items():
            given = {name: getattr(form, name) for name in form.model_fields_set - {"execute", "not_execute"}}
            yield FunctionPresent(signature, **given)
            for role in form.execute:
                yield PrivilegeGranted(role, "EXECUTE", function=signature)
            for role in form.not_execute:
                yield PrivilegeNotGranted(role, "EXECUTE", function=signature)
