from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.effective import on_schema
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.expectations.advice.scope import ROWS
from pgcontract.names import split
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity

_SCHEMA, _DOOR = "pgmq", "pgmq_public"


class QueuesUnderRls(ApiAdvice):
    """Row-level security is enabled on every queue that an API role can reach.

    Supabase's queues are tables `q_…` of the schema `pgmq`; where an API role may use the schema `pgmq_public`, it can
    send, read and delete messages of every queue on which row-level security is off. Splinter's lint 0019.

    Example:
        QueuesUnderRls()

    Repair: enable it, and write policies for those who use the queue.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        catalog = scope.catalog
        door = _DOOR in catalog.schemas
        users = [role for role in (PUBLIC, *scope.roles) if door and "USAGE" in on_schema(catalog, role, _DOOR)]
        for name, table in catalog.tables.items():
            schema, bare = split(name)
            if schema != _SCHEMA or not bare.startswith("q_") or table.rls_enabled or not users:
                continue
            if any(grant.privilege in ROWS and grant.grantee in scope.principals() for grant in table.grants):
                yield Finding(
                    f"row-level security is disabled on the queue {name}, which {', '.join(users)} can reach",
                    expected="enabled",
                    observed="disabled",
                    object=name,
                    repair=access(f"alter table {name} enable row level security;"),
                )
