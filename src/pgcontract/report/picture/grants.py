"""Who was granted what, as a small matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import quote
from pgcontract.report.picture.parts import Access

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.relations import Relation

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
"""In the order in which a matrix has them."""


def access(relation: Relation) -> tuple[Access, ...]:
    """What each role but the owner was granted on a relation and its columns, in the order of the roles' names."""
    found: dict[str, dict[str, str]] = {}
    for column in relation.columns.values():
        for grant in column.grants:
            if grant.grantee != relation.owner:
                cell = found.setdefault(grant.grantee, {})
                before = f"{cell[grant.privilege]}, " if grant.privilege in cell else ""
                cell[grant.privilege] = f"{before}{quote(column.name)}"
    for grant in relation.grants:
        if grant.grantee != relation.owner:
            found.setdefault(grant.grantee, {})[grant.privilege] = "*" if grant.grantable else "yes"
    return tuple(Access(_called(role), found[role]) for role in sorted(found, key=_public_first))


def shown(rows: Iterable[Access]) -> tuple[str, ...]:
    """The privileges that a matrix needs: the four of everyday use, and what was granted besides."""
    held = {privilege for row in rows for privilege in row.held}
    return tuple(one for one in PRIVILEGES if one in held or one in PRIVILEGES[:4])


def callers(grants: Iterable[Grant], owner: str) -> tuple[str, ...]:
    """Who but the owner may call a function; `PUBLIC` alone where everybody may."""
    found = {grant.grantee for grant in grants if grant.privilege == "EXECUTE" and grant.grantee != owner}
    return ("PUBLIC",) if "PUBLIC" in found else tuple(quote(role) for role in sorted(found))


def _called(role: str) -> str:
    return role if role == "PUBLIC" else quote(role)


def _public_first(role: str) -> tuple[bool, str]:
    return role != "PUBLIC", role
