from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.fields import Field
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.expectations.advice.scope import ROWS, who
from pgcontract.expectations.advice.through import beneath, bypasses, guards_itself
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity

_SINCE = 150000


class ViewsAskAsInvoker(ApiAdvice):
    """Every view of protected tables that an API role may use has `security_invoker`.

    Without it a view reads with its owner's rights, and where policies do not hold for the owner the view shows, and
    lets write, what they hide. Views of views count. One that compares a column with who is asking
    (`owner = auth.uid()`) in its own WHERE or join is left alone, unless it is `strict`, or rows can be written through
    it and no check option keeps them in it. Splinter's lint 0010, for views that do reach a table under row-level
    security.

    Example:
        ViewsAskAsInvoker(allow="public.public_profiles")

    Repair: set `security_invoker` (from version 15); the roles then need grants on the tables. Before, revoke the view.
    """

    strict: bool = Field(default=False, description="Whether views that filter by who is asking are no exception.")

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        catalog = scope.catalog
        for view in scope.relations("view"):
            grants = [] if catalog.views[view.name].security_invoker else scope.on_relation(view, ROWS)
            if not grants or (not self.strict and guards_itself(catalog.views[view.name], grants)):
                continue
            hidden = [name for name, role in beneath(catalog, view.name).items() if bypasses(catalog, role, name)]
            if hidden:
                modern = catalog.server.version_number >= _SINCE
                mend = f"alter view {view.name} set (security_invoker = true);"
                yield Finding(
                    f"view {view.name} shows {who(grants)} the rows of {', '.join(hidden)} past their policies",
                    expected="security_invoker = true",
                    observed="security_invoker = false",
                    object=view.name,
                    hint=None if modern else "Before version 15 a view cannot do this: revoke it from the API roles.",
                    repair=access(mend) if modern else (),
                )
