"""What the backend's database should be. contract.yaml says the same, and reconcile.sql makes it so.

backend/ has the areas: the platform, the tables in three groups, the functions, and what happens when somebody tries.
A column is written as CREATE TABLE has it: without `default` it has none. The tables, the functions and the schemas are
closed: what nobody wrote down is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.behaviour import calls, isolation
from backend.billing import billing
from backend.core import core
from backend.functions import functions
from backend.platform import outlets, platform, privileges, users
from backend.shared import NAMES
from backend.templates import templates

from pgcontract import (
    ForeignTablesAre,
    FunctionPresent,
    MaterializedViewsAre,
    ObjectsAre,
    OperatorsAre,
    Suite,
    TablesAre,
    ViewsAre,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract import Expectation


def nothing_else(schema: str, tables: list[str], routines: list[str]) -> Iterator[Expectation]:
    """A closed schema: what nobody wrote down here is something that nobody wrote policies or grants for."""
    yield TablesAre(tables, in_schema=schema)
    yield ViewsAre([], in_schema=schema)
    yield MaterializedViewsAre([], in_schema=schema)
    yield ForeignTablesAre([], in_schema=schema)
    yield ObjectsAre("sequence", [], in_schema=schema)
    yield ObjectsAre("routine", routines, in_schema=schema)
    yield ObjectsAre("type", [], in_schema=schema)
    yield ObjectsAre("collation", [], in_schema=schema)
    yield ObjectsAre("operator class", [], in_schema=schema)
    yield OperatorsAre([], in_schema=schema)
    yield ObjectsAre("statistics", [], in_schema=schema)
    yield ObjectsAre("text search dictionary", [], in_schema=schema)
    yield ObjectsAre("text search configuration", [], in_schema=schema)


open_ = Suite(
    "supabase-backend",
    [platform, core, templates, billing, functions, outlets, privileges, users, isolation, calls],
    principals="supabase",
)
routines = sorted(each.function for each in open_ if isinstance(each, FunctionPresent))
suite = open_ + Suite(
    open_.name,
    [
        nothing_else("private", tables=[], routines=[name for name in routines if name.startswith("private.")]),
        nothing_else(
            "public",
            tables=sorted(name for names in NAMES.values() for name in names),
            routines=[name for name in routines if name.startswith("public.")],
        ),
    ],
)
