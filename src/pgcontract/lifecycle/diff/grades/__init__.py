"""How much a difference matters: one module a noun, each a table of verdicts with their reasons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades import (
    columns,
    constraints,
    functions,
    indexes,
    others,
    policies,
    privileges,
    relations,
    roles,
    triggers,
    types,
    views,
)
from pgcontract.lifecycle.diff.grades.verdicts import Verdict, review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table

__all__ = ["TABLES", "Verdict", "graded"]

TABLES: Mapping[str, Table] = {
    "Relation": relations.TABLE,
    "Column": columns.TABLE,
    "Constraint": constraints.TABLE,
    "Index": indexes.TABLE,
    "Policy": policies.TABLE,
    "Trigger": triggers.TABLE,
    "EventTrigger": triggers.TABLE,
    "View": views.TABLE,
    "Rule": views.RULES,
    "Partitioning": relations.PARTITIONS,
    "Inheritance": relations.INHERITANCE,
    "Storage": relations.STORAGE,
    "ForeignTable": relations.FOREIGN,
    "Function": functions.TABLE,
    "Type": types.TABLE,
    "DomainCheck": types.CHECKS,
    "Role": roles.TABLE,
    "Sequence": others.SEQUENCES,
    "Extension": others.EXTENSIONS,
    "Publication": others.PUBLICATIONS,
    "PublishedTable": others.PUBLISHED,
    "Cast": others.CASTS,
    "Language": others.LANGUAGES,
    "ForeignServer": others.SERVERS,
    "Statistics": others.STATISTICS,
    "Server": others.DATABASE,
}
"""The table of each record's class, by the class's name."""

_UNSAID = review("it is otherwise, and only people can tell whether it matters")


def graded(change: Change) -> Verdict:
    """The grade of a change, and the reason for it."""
    if change.field == "grants":
        return privileges.granted(change)
    table = TABLES.get(type(change.item.record).__name__, {})
    rule = table.get(change.field) or others.ANY.get(change.field, _UNSAID)
    return rule if isinstance(rule, Verdict) else rule(change)
