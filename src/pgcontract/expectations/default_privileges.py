from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import model_validator

from pgcontract.catalog.default_privileges import granted
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier
from pgcontract.expectations.privileges import ON, Privileges
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog

_NOUNS = {
    "tables": "table",
    "sequences": "sequence",
    "functions": "function",
    "types": "type",
    "schemas": "on_schema",
}


class DefaultPrivilegesAre(CatalogExpectation):
    """Of the {objects} that {creator} makes, {role} has {privileges} and nothing else.

    What is made tomorrow is granted as `ALTER DEFAULT PRIVILEGES` says, and nobody looks then. Postgres itself gives
    everybody `EXECUTE` on every new function; only a revocation for all schemas ends that; one `IN SCHEMA` is idle.
    `in_schema` is where the objects are made; without it, what holds in all schemas is compared. Grants to the role
    itself count, not those to roles that it is a member of; `public` is everybody.

    Example:
        DefaultPrivilegesAre("functions", "migrator", "public", [])

    Repair: `ALTER DEFAULT PRIVILEGES`; it changes nothing for objects that are there already.
    """

    objects: Annotated[Literal["tables", "sequences", "functions", "types", "schemas"], AnyCase(tuple(_NOUNS))]
    creator: Identifier
    role: Identifier
    privileges: Privileges
    in_schema: Identifier | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.creator == self.role:
            raise ValueError(f"{self.creator} owns what it makes, and so has everything")
        if self.objects == "schemas" and self.in_schema is not None:
            raise ValueError("a schema is in no schema")
        unknown = sorted(set(self.privileges) - ON[_NOUNS[self.objects]])
        if unknown:
            raise ValueError(f"there is no privilege {unknown[0]} on {self.objects}")
        return self

    @property
    def subject(self) -> str:
        return quote(self.creator)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.roles[self.creator]
        if self.in_schema is not None:
            catalog.schemas[self.in_schema]
        role = PUBLIC if self.role.upper() == PUBLIC and self.role not in catalog.roles else self.role
        if role != PUBLIC:
            catalog.roles[role]
        there: dict[str, list[str | None]] = {}
        for grant, schema in granted(catalog, self.creator, self.objects, self.in_schema):
            if grant.grantee == role:
                there.setdefault(grant.privilege, []).append(schema)
        for privilege in sorted({*self.privileges} ^ {*there}):
            yield self._finding(role, privilege, there)

    def _finding(self, role: str, privilege: str, there: dict[str, list[str | None]]) -> Finding:
        wanted = privilege not in there
        schemas = [self.in_schema] if wanted else there[privilege]
        grantee = "public" if role == PUBLIC else quote(role)
        change = f"{'grant' if wanted else 'revoke'} {privilege.lower()} on {self.objects}"
        place = "" if self.in_schema is None else f" in schema {quote(self.in_schema)}"
        return Finding(
            f"{role} will have {'no ' if wanted else ''}{privilege} on {self.objects} that {self.subject} makes{place}",
            expected=privilege if wanted else f"no {privilege}",
            observed=", ".join(sorted(there)) or "nothing",
            repair=tuple(
                Repair(
                    f"alter default privileges for role {self.subject}"
                    f"{'' if schema is None else f' in schema {quote(schema)}'} "
                    f"{change} {'to' if wanted else 'from'} {grantee};",
                    "changes access",
                )
                for schema in schemas
            ),
        )
