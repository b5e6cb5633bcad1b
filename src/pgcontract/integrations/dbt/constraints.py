"""Constraints, which dbt makes where the contract of a model is enforced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.expectations.columns import ColumnNotNull
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.dbt.names import Names
    from pgcontract.integrations.dbt.relations import Built
    from pgcontract.integrations.standards.made import Made
    from pgcontract.integrations.standards.node import Node

_KNOWN = ("type", "columns", "expression", "name", "to", "to_columns", "warn_unsupported", "warn_unenforced")
_REFERENCES = re.compile(r"\s*(?:references\s+)?(?P<table>[^()]+?)\s*\((?P<columns>[^()]+)\)\s*", re.IGNORECASE)


def constraints(node: Node, built: Built, column: str | None, names: Names) -> Iterator[Expectation]:
    """The constraints of a relation, or of one column."""
    for each in node.nodes("constraints", _KNOWN):
        kind = str(each.text("type") or "").lower()
        if not built.enforced or built.kind != "table":
            why = "the contract is not enforced" if not built.enforced else "it is no table"
            each.unchecked(f"constraint {kind} of {built.relation}, which dbt does not make, since {why}")
            continue
        given = [name.lower() for name in each.texts("columns")]
        columns = given or ([] if column is None else [column])
        found = _constraint(each, kind, columns, names)
        if isinstance(found, str):
            each.unchecked(f"constraint {kind} of {built.relation}: {found}")
            continue
        for cls, fields, others in found:
            yield from each.reading.make(each.path, cls, built.relation, *fields, **others, **built.common)
        each.left(silent=("warn_unsupported", "warn_unenforced", "name"))


def _constraint(node: Node, kind: str, columns: list[str], names: Names) -> list[Made] | str:
    expression, name = node.text("expression"), node.content.get("name")
    named = {"name": name} if name else {}
    if kind == "check":
        return [(CheckConstraint, (expression,), named)] if expression else "it has no expression"
    if kind == "foreign_key" and columns:
        references = _references(node, expression, names)
        return [(ForeignKey, (columns, references), named)] if references else "it is not known what it refers to"
    plain: dict[str, list[Made]] = {
        "not_null": [(ColumnNotNull, (column,), {}) for column in columns],
        "unique": [(UniqueConstraint, (columns,), named)],
        "primary_key": [(PrimaryKey, (columns,), {})],
    }
    if kind not in plain or not columns:
        return "it names no columns" if kind in {*plain, "foreign_key"} else "which is not known"
    return f"with {expression}" if expression and kind != "not_null" else plain[kind]


def _references(node: Node, expression: str | None, names: Names) -> str | None:
    """`table(columns)`, of `to` and `to_columns`, or of an expression."""
    to, columns = node.text("to"), node.texts("to_columns")
    if to is None and expression is not None:
        found = _REFERENCES.fullmatch(expression)
        if found is None:
            return None
        to, columns = found["table"], [name.strip() for name in found["columns"].split(",")]
    relation = names.referred(to or "")
    if relation is None:
        return None
    return f"{relation}({', '.join(quote(name.lower()) for name in columns)})" if columns else relation
