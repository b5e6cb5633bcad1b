"""A model, seed, snapshot or source table: what it is in the database, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.columns import ColumnExists, ColumnsAre, ColumnType
from pgcontract.integrations.dbt.constraints import constraints
from pgcontract.integrations.dbt.data_tests import tests
from pgcontract.integrations.dbt.names import templated
from pgcontract.integrations.standards.made import EXISTS
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.dbt.names import Names
    from pgcontract.integrations.standards.node import Node

KINDS = {
    "table": "table",
    "incremental": "table",
    "view": "view",
    "materialized_view": "materialized view",
    "ephemeral": None,
}
"""What dbt makes of a model, by how it is materialized."""
_TYPES = {"string": "text"}
"""What dbt's adapter for Postgres makes of the types that every adapter knows."""
COLUMN = (
    *("name", "description", "data_type", "quote", "constraints", "tests", "data_tests", "tags", "meta", "config"),
    *("policy_tags", "docs", "granularity", "dimension", "entity", "label"),
)
TESTS = ("data_tests", "tests")


@dataclass(frozen=True, slots=True)
class Built:
    """A relation that dbt builds, or that it reads.

    Attributes:
        relation: What it is called in the database.
        kind: `table`, `view`, `materialized view`; empty where that is not said.
        enforced: Whether dbt makes sure of its columns, and makes its constraints.
        tags: What all of it is tagged with.
    """

    relation: str
    kind: str
    enforced: bool
    tags: frozenset[str]

    @property
    def common(self) -> dict[str, Any]:
        """What all its expectations have in common."""
        return {"tags": self.tags} if self.tags else {}


def stated(node: Node, built: Built, names: Names) -> Iterator[Expectation]:
    """What is said of a relation: that it is there, its columns, its constraints and its tests."""
    make = node.reading.make
    exists, fields = EXISTS[built.kind]
    yield from make(node.path, exists, built.relation, **fields, **built.common)
    columns = []
    for each in node.nodes("columns", COLUMN):
        name = each.needed("name", "a column has no name")
        if name is None:
            continue
        columns.append(column_name(name, quoted=each.flag("quote")))
        yield from _column(each, columns[-1], built, names)
    if built.enforced and columns:
        yield from make(node.path, ColumnsAre, built.relation, columns, **built.common)
    yield from constraints(node, built, None, names)
    yield from tests(node, built, None, names)


def _column(node: Node, name: str, built: Built, names: Names) -> Iterator[Expectation]:
    own = Built(built.relation, built.kind, built.enforced, built.tags | tags_of(node))
    make = node.reading.make
    yield from make(node.path, ColumnExists, own.relation, name, **own.common)
    type_ = node.text("data_type")
    if templated(type_):
        node.unchecked(f"the type of {name} is {type_}", "data_type")
    elif type_:
        yield from make(node.path, ColumnType, own.relation, name, _TYPES.get(type_.lower(), type_), **own.common)
    yield from constraints(node, own, name, names)
    yield from tests(node, own, name, names)
    node.left()


def column_name(name: str, *, quoted: bool) -> str:
    """What Postgres makes of a column's name that dbt writes without quotes."""
    if name.startswith('"') and name.endswith('"') and len(name) > 2:  # noqa: PLR2004 - the quotes
        return name[1:-1].replace('""', '"')
    return name if quoted else name.lower()


def tags_of(node: Node) -> frozenset[str]:
    """The tags beside it, and those of its config."""
    config = node.content.get("config")
    found = list(node.texts("tags"))
    if isinstance(config, dict):
        inside = node.mapping("config")
        found += inside.texts("tags")
        inside.left()
    return frozenset(found)
