"""Which column says whose a row is, where several hold users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.catalog.lexis import names

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.worlds import Builder

FIRST = (
    "user_id",
    "owner_id",
    "owner",
    "author_id",
    "created_by",
    "creator_id",
    "sender_id",
    "from_id",
    "from_user_id",
    "profile_id",
    "account_id",
    "follower_id",
    "requester_id",
    "actor_id",
    "buyer_id",
    "customer_id",
    "member_id",
)
"""The names of the column that says whose a row is, where several columns hold users; the first that is there."""


def users_among(builder: Builder, relation: Relation) -> list[str]:
    """The columns that hold a user, the one that says whose the row is first."""
    found = [
        column
        for column in builder.ownership.direct.get(relation.name, {})
        if builder.holds_user(relation.name, column)
    ]
    return sorted(
        found, key=lambda column: (FIRST.index(column) if column in FIRST else len(FIRST), _trace(column), column)
    )


def asked_by_policies(relation: Relation, column: str) -> bool:
    """Whether a policy of the table asks the column, or none asks anything: else it only tells about the row.

    A lead may be handed to anybody where its workspace alone says who sees it.
    """
    texts = [text for policy in relation.policies.values() for text in (policy.using, policy.with_check) if text]
    texts = [text for text in texts if text != "true"]
    return not texts or any(column in names(text) for text in texts)


_FROM = re.compile(r"(?:^|_)(?:from|sender|author|owner|payer|source|creator|created|requested|user)(?:_|$)")


def merely_named(users: list[str], column: str) -> bool:
    """Whether a column names somebody beside whoever the row belongs to: a recipient, a reviewer."""
    return column in users[1:] and not _FROM.search(column)


def _trace(column: str) -> bool:
    return bool(re.search("recipient|receiver|to_|assignee|reviewer|target|followee|following|invitee|updated", column))
