"""The objects of a data contract as relations of Postgres, by the names that references call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import canonical, qualified, quote, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.contract.document import Path
    from pgcontract.integrations.standards.node import Reading

_KINDS = {
    "table": "table",
    "base table": "table",
    "partitioned table": "table",
    "view": "view",
    "materialized view": "materialized view",
    "materialised view": "materialized view",
    "materializedview": "materialized view",
    "foreign table": "foreign table",
    "external table": "foreign table",
    **dict.fromkeys(("object", "record"), ""),  # what other tools write of anything
}
_MOST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """One object of the schema.

    Attributes:
        relation: What it is in the database: `table`, or `schema.table`, quoted where it must be.
        kind: `table`, `view`, `materialized view`, `foreign table`; empty where that is not said.
        columns: By the name of a property, what the column is called.
        ids: By the id of a property, what the column is called.
    """

    relation: str
    kind: str
    columns: Mapping[str, str]
    ids: Mapping[str, str]

    @property
    def constrained(self) -> bool:
        """Whether it can have NOT NULL and keys."""
        return self.kind == "table"


def kind_of(physical_type: str | None) -> str | None:
    """What kind of relation that is; empty where nothing is said, None for what Postgres has not."""
    if physical_type is None or not physical_type.strip():
        return ""
    return _KINDS.get(physical_type.strip().lower().replace("_", " ").replace("-", " "))


def relation_of(text: str, path: Path, reading: Reading, schemas: Mapping[str, str]) -> str | None:
    """A relation's name as a contract has it; what is before a schema does not count."""
    try:
        parts = split(text)
    except ValueError as error:
        reading.wrong(path, str(error))
        return None
    if len(parts) > _MOST_PARTS:
        reading.unchecked(path, f"{text} stands in a database of its own name: only its schema and name count")
    if len(parts) == 1:
        return quote(parts[0])
    return qualified(schemas.get(parts[-2], parts[-2]), parts[-1])


def referenced(text: str, tables: Mapping[str, Table], ids: Mapping[str, Table], schema: str) -> tuple[str, str] | None:
    """The relation and column of a reference, `table.column` or `schema/id/properties/id`; None if it is elsewhere."""
    if "/" in text:
        parts = text.removeprefix("/").split("/")
        if len(parts) != 4 or (parts[0], parts[2]) != ("schema", "properties"):  # noqa: PLR2004 - a column of a table
            return None
        table = ids.get(parts[1])
        column = None if table is None else table.ids.get(parts[3])
        return None if table is None or column is None else (table.relation, column)
    name, dot, column = text.rpartition(".")
    if not dot or not name or not column:
        return None
    if name in tables:
        return tables[name].relation, tables[name].columns.get(column, column)
    try:
        return canonical(name, schema), column
    except ValueError:
        return None
