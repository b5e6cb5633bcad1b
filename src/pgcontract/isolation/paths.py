"""Paths that begin with their owner's id, as the platform's storage has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation


def is_path(relation: Relation, column: Column) -> bool:
    """Whether a policy or a constraint of the table asks for the first folder in a column."""
    if not column.type.startswith(("text", "character varying")):
        return False
    texts = [text for policy in relation.policies.values() for text in (policy.using, policy.with_check) if text]
    texts += [check.expression for check in relation.having("CHECK") if check.expression]
    name = re.escape(column.name)
    first = "|".join(
        (
            rf"foldername\(\(?{name}\b",
            rf"split_part\(\(?{name}\)?(?:::text)?, '/'(?:::text)?, 1\)",
            rf"string_to_array\(\(?{name}\)?(?:::text)?, '/'",
        )
    )
    return any(re.search(first, text) for text in texts)
