"""What all parts of a data contract are read with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.integrations.odcs.document import keys, model
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.contract.document import Path
    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.tables import Table
    from pgcontract.integrations.standards.node import Node, Reading

OWN = "pgcontract"
"""The custom property, and the engine of a custom rule, that hold what the standard has no place for."""


@dataclass(frozen=True, slots=True)
class Taking:
    """The document that is read.

    Attributes:
        reading: Where it is said what is wrong, and what is not understood.
        schema: The schema of bare names.
        tables: The objects by name.
        ids: The objects by id.
        verbatim: Where an expectation stands as itself, and its item; read once all is read.
    """

    reading: Reading
    schema: str
    tables: Mapping[str, Table]
    ids: Mapping[str, Table]
    verbatim: list[tuple[Path, Any]]

    def make(self, node: Node, cls: Any, *fields: Any, **others: Any) -> Iterator[Expectation]:
        """An expectation that the node states."""
        return self.reading.make(node.path, cls, *fields, **others)

    def own(self, node: Node) -> None:
        """Take the expectations that stand as themselves in the node's custom properties."""
        for path, value in own_values(node):
            items = value if isinstance(value, list) else [value]
            self.verbatim.extend(((*path, position), item) for position, item in enumerate(items))


def own_values(node: Node) -> Iterator[tuple[Path, Any]]:
    """The values of our own custom properties; of the others it is told."""
    for each in node.nodes("customProperties", keys(model().CustomProperty)):
        if each.content.get("property") == OWN:
            yield (*each.path, "value"), each.content.get("value")
        else:
            node.reading.besides(each.path, dict(each.content))
