"""Tables that triggers fill: their rows are made by filling what they follow, not by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import on_column, on_relation
from pgcontract.isolation.evidence import named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.triggers import Trigger

_INTO = re.compile(r"\binsert\s+into\s+(?:only\s+)?((?:\"[^\"]+\"|\w+)(?:\.(?:\"[^\"]+\"|\w+))?)", re.IGNORECASE)


def derived(catalog: Catalog, roles: Iterable[str]) -> set[str]:
    """The tables that triggers of other tables write into, and into which none of the roles can insert by itself."""
    found = {
        table
        for relation in catalog.tables.values()
        for trigger in relation.triggers.values()
        for table in written(catalog, trigger, relation.name)
    }
    return {
        table
        for table in found
        if table in catalog.tables and not any(_inserts(catalog, role, table) for role in roles)
    }


def written(catalog: Catalog, trigger: Trigger, of: str) -> set[str]:
    """The other tables that a trigger's function inserts into, as far as its text names them."""
    found = set()
    for function in catalog.overloads.get(trigger.function, ()):
        names = _INTO.findall(function.source or "")
        found |= {table for text in names if (table := named(catalog, text, of)) and table in catalog.tables}
    return found - {of}


def _inserts(catalog: Catalog, role: str, table: str) -> bool:
    relation = catalog.relations[table]
    columns = (on_column(catalog, role, table, column) for column in relation.columns)
    if "INSERT" not in on_relation(catalog, role, table) and not any("INSERT" in granted for granted in columns):
        return False
    return not relation.rls_enabled or any(policy.command in {"ALL", "INSERT"} for policy in relation.policies.values())
