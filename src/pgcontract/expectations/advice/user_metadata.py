from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.reading import called_sources, cut, expressions
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class PoliciesIgnoreUserMetadata(ApiAdvice):
    """No policy trusts what users may write about themselves.

    The claim `user_metadata` and the column `raw_user_meta_data` of `auth.users` can be changed by the user, with a
    call that every client library has; `app_metadata` cannot. The functions that a policy calls are looked through
    too, as far as they are called by qualified name. Splinter's lint 0015.

    Example:
        PoliciesIgnoreUserMetadata()

    Repair: keep roles and organisations in `app_metadata`, or in a table that users cannot write.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            text = expressions(policy)
            through = "" if _trusts(text) else " through a function that it calls"
            if not through or any(_trusts(source) for source in called_sources(scope.catalog, text)):
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} trusts user_metadata{through}, which users can change themselves",
                    expected="nothing that a user can change",
                    observed="user_metadata",
                    object=name,
                    hint="Take it from app_metadata, which only the server can write.",
                )


def _trusts(text: str) -> bool:
    """A column that happens to be called user_metadata is a name; the claim's is in a string."""
    return any(
        token.name == "raw_user_meta_data" or (token.name is None and "user_metadata" in token.text)
        for token in cut(text)
    )
