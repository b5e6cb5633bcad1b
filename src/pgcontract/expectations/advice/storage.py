from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.reading import cut, expressions
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Policy
    from pgcontract.expectations.advice.scope import Scope

_OBJECTS = "storage.objects"


class StoragePoliciesNameBucket(ApiAdvice):
    """Every permissive policy on `storage.objects` says for which bucket it is.

    One that does not look at `bucket_id` holds for every bucket, those that are made later too.

    Example:
        StoragePoliciesNameBucket()

    Repair: add `bucket_id = '…'` to the condition.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            if table.name == _OBJECTS and policy.permissive and not _bound(policy):
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} is for the objects of every bucket",
                    expected="a condition on bucket_id",
                    observed="none",
                    object=name,
                )


def _bound(policy: Policy) -> bool:
    return any(token.name == "bucket_id" for token in cut(expressions(policy)))
