"""What relations a view reads, through other views too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities
from pgcontract.expectations.advice.reading import filters_by_caller, relations_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.views import View


def beneath(catalog: Catalog, view: str) -> dict[str, str]:
    """The tables, foreign tables and materialised views that a view reads, each with the role that it reads it as.

    That is the owner of the view that names it. Views beneath that ask as their invoker are not looked through: what
    they name is read as whoever asks, whatever stands above.
    """
    found: dict[str, str] = {}
    waiting, seen = [view], {view}
    while waiting:
        current = waiting.pop()
        for name in sorted(relations_in(catalog, catalog.views[current].definition) - seen):
            seen.add(name)
            if catalog.relations[name].kind != "view":
                found[name] = catalog.relations[current].owner
            elif not catalog.views[name].security_invoker:
                waiting.append(name)
    return dict(sorted(found.items()))


def bypasses(catalog: Catalog, role: str, table: str) -> bool:
    """Whether the policies of a table do not hold for a role."""
    known, relation = catalog.roles[role], catalog.relations[table]
    owns = relation.owner in identities(catalog, role) and not relation.rls_forced
    return relation.rls_enabled and (known.superuser or known.bypass_rls or owns)


def guards_itself(view: View, grants: Iterable[Grant]) -> bool:
    """Whether a view shows those who hold the grants their own rows only, and takes no others."""
    writes = any(grant.privilege in {"INSERT", "UPDATE"} for grant in grants)
    return filters_by_caller(view.definition) and (view.check_option is not None or not writes)
