"""What `ALTER DEFAULT PRIVILEGES` has set, to the letter; `default_privileges.py` has what comes of it for one role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from pgcontract.catalog.default_privileges import command
from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Texts
from pgcontract.expectations.acls import Grants, everything, granted, shown, spelled
from pgcontract.expectations.compare import closed
from pgcontract.expectations.privileges import ON
from pgcontract.expectations.targets import grantee_of
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.default_privileges import DefaultPrivileges

_ON = {"tables": "table", "sequences": "sequence", "functions": "function", "types": "type", "schemas": "on_schema"}
# What Postgres gives everybody where nothing was set for all schemas.
_BUILT_IN = {"functions": "EXECUTE", "types": "USAGE"}
Makes = Annotated[Literal["tables", "sequences", "functions", "types", "schemas"], AnyCase(tuple(_ON))]


class DefaultAclIs(CatalogExpectation):
    """Of the {objects} that {creator} makes, {grants} are granted.

    A closed world of what `ALTER DEFAULT PRIVILEGES` has set, for one schema (`in_schema`), or without it for all.
    Each role is named with its privileges, as in `AclIs`. What is set for one schema comes on top of what is set for
    all; the latter takes the place of Postgres's own, by which everybody may execute a function and use a type, and
    there the owner has everything, unless it is named.

    Example:
        DefaultAclIs("tables", "migrator", {"authenticated": "SELECT"}, in_schema="app")

    Repair: `ALTER DEFAULT PRIVILEGES`; it changes nothing for objects that are there already.
    """

    objects: Makes
    creator: Identifier
    grants: Grants = Field(default_factory=dict)
    in_schema: Identifier | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.objects == "schemas" and self.in_schema is not None:
            raise ValueError("a schema is in no schema")
        spelled(self.grants, ON[_ON[self.objects]])
        return self

    @property
    def subject(self) -> str:
        return quote(self.creator)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.roles[self.creator]
        if self.in_schema is not None:
            catalog.schemas[self.in_schema]
        every = everything(catalog, _ON[self.objects])
        expected = spelled(self.grants, every)
        whole = self.in_schema is None
        if whole and self.creator not in self.grants:
            expected |= {(self.creator, privilege): False for privilege in every}
        owner = self.creator if whole else None
        observed = granted(self._there(catalog, every), owner)
        for role, privilege in sorted({*expected, *observed}):
            wanted, there = expected.get((role, privilege)), observed.get((role, privilege))
            if wanted != there:
                yield self._finding(role, privilege, wanted=wanted, there=there)

    def _there(self, catalog: Catalog, every: Iterable[str]) -> Iterable[Grant]:
        name = command(self.creator, self.in_schema, self.objects)
        if name in catalog.default_privileges:
            return catalog.default_privileges[name].grants
        if self.in_schema is not None:
            return ()
        own = [Grant(self.creator, privilege, False, self.creator) for privilege in every]
        built_in = _BUILT_IN.get(self.objects)
        return [*own, Grant(PUBLIC, built_in, False, self.creator)] if built_in else own

    def _finding(self, role: str, privilege: str, *, wanted: bool | None, there: bool | None) -> Finding:
        place = "" if self.in_schema is None else f" in schema {quote(self.in_schema)}"
        on = f"{privilege.lower()} on {self.objects}"
        if there is None:
            change = f"grant {on} to {grantee_of(role)}{' with grant option' if wanted else ''}"
        elif wanted is None:
            change = f"revoke {on} from {grantee_of(role)}"
        else:
            change = f"grant {on} to {grantee_of(role)} with grant option"
            change = change if wanted else f"revoke grant option for {on} from {grantee_of(role)}"
        option = "" if wanted is None or there is None else f" {'with' if there else 'without'} grant option"
        return Finding(
            f"{role} will {'not ' if there is None else ''}be granted {privilege}{option} on {self.objects}"
            f" that {self.subject} makes{place}",
            expected=shown(privilege, wanted),
            observed=shown(privilege, there),
            repair=(Repair(f"alter default privileges for role {self.subject}{place} {change};", "changes access"),),
        )


class DefaultAclsAre(CatalogExpectation):
    """Default privileges are set for {names}, and for nothing else.

    A closed world; each is written as the command says whose they are: `FOR ROLE app IN SCHEMA public ON TABLES`. What
    is granted, `DefaultAclIs` says. `beside` names what may be there too, and need not.

    Example:
        DefaultAclsAre(["FOR ROLE app IN SCHEMA public ON TABLES"])

    Repair: `ALTER DEFAULT PRIVILEGES`, which undoes what it has set when it is told the contrary.
    """

    names: Texts
    beside: Texts = ()

    @property
    def subject(self) -> str:
        return "default privileges"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        there = [name for name in catalog.default_privileges if name in self.names or name not in self.beside]
        for finding in closed(("set", "default privileges"), "the default privileges", self.names, there):
            extra = None if finding.observed is None else catalog.default_privileges[finding.observed]
            yield finding if extra is None else replace(finding, repair=_undone(extra, catalog))


def _undone(extra: DefaultPrivileges, catalog: Catalog) -> tuple[Repair, ...]:
    """What takes back all that was set, so that Postgres's own holds again."""
    if extra.objects == "large objects":
        return ()
    built_in = {PUBLIC: (_BUILT_IN[extra.objects],)} if extra.schema is None and extra.objects in _BUILT_IN else {}
    own = DefaultAclIs(extra.objects, extra.role, built_in, in_schema=extra.schema)
    return tuple(repair for finding in own.check(catalog) for repair in finding.repair)
