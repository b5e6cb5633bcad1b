from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import ApiAdvice, access, grantees
from pgcontract.expectations.advice.scope import ROWS, USERS, what, who
from pgcontract.expectations.advice.through import beneath, guards_itself
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class AuthUsersHidden(ApiAdvice):
    """No API role reads the users of the platform.

    `auth.users` holds every address, phone number and password hash. A view that reads with its owner's rights, or a
    materialised one, shows them to whoever may read it; so does a grant. A view of
    the caller's own row (`id = auth.uid()`) is left alone. Splinter's lint 0002.

    Example:
        AuthUsersHidden()

    Repair: revoke the view, and show what is meant to be public from a table of its own, kept by a trigger.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        catalog = scope.catalog
        users = catalog.relations.get(USERS)
        if users is None:
            return
        grants_on_users = (*users.grants, *(grant for column in users.columns.values() for grant in column.grants))
        there = scope.principals() - {users.owner}
        opened = [grant for grant in grants_on_users if grant.privilege in ROWS and grant.grantee in there]
        if opened:
            revoke = access(f"revoke all on {USERS} from {grantees(opened)};")
            yield Finding(
                f"{who(opened)} may {what(opened)} on {USERS}", "no grant", what(opened), USERS, repair=revoke
            )
        for view in scope.relations("view", "materialized view"):
            grants = scope.on_relation(view, {"SELECT"})
            record = catalog.views[view.name]
            safe = (record.security_invoker and not opened) or (
                not record.materialized and guards_itself(record, grants)
            )
            if grants and not safe and USERS in beneath(catalog, view.name):
                yield Finding(
                    f"{view.kind} {view.name} shows {USERS} to {who(grants)}",
                    expected=f"nothing of {USERS}",
                    observed=f"SELECT for {who(grants)}",
                    object=view.name,
                    repair=access(f"revoke all on {view.name} from {grantees(grants)};"),
                )
