"""What triggers refuse, as far as it can be read: `if new.amount < 0 then raise exception …`.

A wish, no more: a trigger may say more than what is read here, and only the server knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.names import canonical, split
from pgcontract.synth.expressions import parse
from pgcontract.synth.tree import Node, Not, columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

_GUARD = re.compile(
    r"\b(?:els)?if\s+(?P<condition>(?:(?!\bthen\b|\bif\b|;).)+?)\s+then\s+raise\s+(?:exception\b|sqlstate\b|')",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = re.compile(r"\bold\.|\bselect\b|\btg_\w+", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


_LOOKED_UP = re.compile(
    r"\bfrom\s+(?P<table>[\w.\"]+)(?:\s+(?:as\s+)?\w+)?\s+where\s+(?:\w+\.)?(?P<target>\w+)\s*=\s*new\.(?P<column>\w+)",
    re.IGNORECASE,
)


def looked_up(catalog: Catalog, relation: Relation) -> Iterator[tuple[str, str, str]]:
    """A column, a table and its column: where triggers look for what a row says, without a foreign key."""
    for trigger in relation.triggers.values():
        for function in catalog.overloads.get(trigger.function, ()):
            for found in _LOOKED_UP.finditer(_COMMENT.sub("", function.source or "")):
                table = canonical(found["table"].lower(), split(relation.name)[0])
                if table in catalog.tables and found["target"] in catalog.tables[table].columns:
                    yield found["column"], table, found["target"]


def guards(catalog: Catalog, relation: Relation, live: Collection[str]) -> Iterator[Node]:
    """Conditions that keep the table's triggers on insert from refusing a row."""
    for trigger in relation.triggers.values():
        if "INSERT" not in trigger.events or trigger.level != "ROW" or trigger.enabled == "DISABLED":
            continue
        for function in catalog.overloads.get(trigger.function, ()):
            for found in _GUARD.finditer(_COMMENT.sub("", function.source or "")):
                node = None if _OTHER.search(found["condition"]) else parse(found["condition"])
                if node is not None and columns(node) and columns(node) <= set(live):
                    yield Not(node)
