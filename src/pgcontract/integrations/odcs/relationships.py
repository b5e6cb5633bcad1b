"""Relationships: foreign keys, of one column beside it, or of several beside the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.orphans import NoOrphans
from pgcontract.integrations.odcs.document import keys, model
from pgcontract.integrations.odcs.tables import referenced
from pgcontract.names import canonical, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.tables import Table
    from pgcontract.integrations.odcs.taking import Taking
    from pgcontract.integrations.standards.node import Node

ACTIONS = {"onDelete": "on_delete", "onUpdate": "on_update"}
"""The custom properties that say what becomes of those who refer."""


def of_column(node: Node, table: Table, column: str, common: dict[str, Any], taking: Taking) -> Iterator[Expectation]:
    """The foreign keys of one column."""
    for each in node.nodes("relationships", keys(model().Relationship)):
        yield from _key(each, table, [column], common, taking)


def of_table(node: Node, table: Table, common: dict[str, Any], taking: Taking) -> Iterator[Expectation]:
    """The foreign keys that stand beside the table."""
    for each in node.nodes("relationships", keys(model().Relationship)):
        source = each.take("from")
        columns = []
        for text in source if isinstance(source, list) else [source]:
            found = referenced(str(text), taking.tables, taking.ids, taking.schema)
            columns.append(found[1] if found and _same(found[0], table, taking) else None)
        if None in columns:
            each.unchecked("a relationship that is from another table than that beside which it stands")
            continue
        yield from _key(each, table, columns, common, taking)


def _same(relation: str, table: Table, taking: Taking) -> bool:
    return canonical(relation, taking.schema) == canonical(table.relation, taking.schema)


def _key(
    node: Node, table: Table, columns: Sequence[Any], common: dict[str, Any], taking: Taking
) -> Iterator[Expectation]:
    to = node.take("to")
    to = to if isinstance(to, list) else [to]
    targets = [referenced(str(text), taking.tables, taking.ids, taking.schema) for text in to]
    relations = {found[0] for found in targets if found is not None}
    if None in targets or len(relations) != 1:
        node.unchecked(f"a relationship to {', '.join(map(str, to))}, which is no column of one table here")
        return
    node.take("type")
    actions = {}
    for each in node.nodes("customProperties", keys(model().CustomProperty)):
        name = ACTIONS.get(str(each.content.get("property")))
        if name is None:
            node.reading.besides(each.path, dict(each.content))
        else:
            actions[name] = each.content.get("value")
    referred = ", ".join(quote(found[1]) for found in targets if found is not None)
    references = f"{relations.pop()}({referred})"
    if table.constrained:
        yield from taking.make(node, ForeignKey, table.relation, columns, references, **actions, **common)
    else:
        yield from taking.make(node, NoOrphans, table.relation, columns, references, **common)
    node.left(silent=("id",))
