from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities, may_set_role, on_relation
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.expectations.advice.scope import Scope

_OUTSIDE = frozenset({"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"})


class ApiRolesStayUnderRls(ApiAdvice):
    """No API role bypasses row-level security, or may become one that does.

    `SET ROLE` to a superuser, or to a role with BYPASSRLS that may use a table under row-level security, leaves every
    policy behind; so does a membership that reads and writes the server's files.

    Example:
        ApiRolesStayUnderRls()

    Repair: revoke the membership; what needs such a role connects as it.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for role in scope.roles:
            beyond = sorted(name for name in may_set_role(scope.catalog, role) if _bypasses(scope, name))
            beyond += sorted(_OUTSIDE & identities(scope.catalog, role))
            if beyond:
                names = ", ".join(map(quote, beyond))
                yield Finding(
                    f"role {quote(role)} {'bypasses' if role in beyond else f'may act as {names}, and so bypasses'}"
                    " row-level security",
                    expected="under row-level security",
                    observed=names,
                    object=quote(role),
                )


def _bypasses(scope: Scope, role: str) -> bool:
    known = scope.catalog.roles[role]
    return known.superuser or (known.bypass_rls and _reaches_protected(scope.catalog, role))


def _reaches_protected(catalog: Catalog, role: str) -> bool:
    """Without a privilege on such a table there is nothing to bypass."""
    return any(
        on_relation(catalog, role, name)
        or role in {grant.grantee for c in table.columns.values() for grant in c.grants}
        for name, table in catalog.tables.items()
        if table.rls_enabled
    )
