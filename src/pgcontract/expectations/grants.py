from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.privileges import ObjectPrivileges
from pgcontract.expectations.targets import granted, too_much

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.verdict import Finding


class GrantsAre(ObjectPrivileges):
    """{role} has {privileges} and nothing else.

    A closed world of effective privileges on one object, none of them where `privileges` is empty: what is missing is
    found, and what came through PUBLIC, through membership, or by default and nobody wrote down. On a table, grants on
    single columns are asked for by `columns`. `grant_option` says that the role may grant all of them to others, or if
    false that it may grant none.

    Example:
        GrantsAre("anon", ["SELECT"], table="products")

    Repair: grant what is missing, revoke the rest from whoever it was granted to; the finding says whom.
    """

    grant_option: bool | None = None

    least: ClassVar[int] = 0

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role = self.grantee(catalog)
        for target in self.targets(catalog, role):
            yield from granted(catalog, role, target, self.privileges, option=self.grant_option)
            for privilege in sorted(target.held - set(self.privileges)):
                yield too_much(catalog, role, target, privilege)
