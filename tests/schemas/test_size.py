"""The schemas are as large and as various as they are said to be, on every version of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract.catalog.snapshot import read

if TYPE_CHECKING:
    from collections.abc import Callable

# The least of each noun that is the schema's own: (schema, tables, policies, triggers, functions, views, types).
SIZES = [
    ("tracker", 43, 60, 10, 15, 3, 10),
    ("shop", 70, 3, 12, 14, 8, 12),
    ("plant", 43, 12, 5, 15, 6, 9),
]


@pytest.mark.extension("btree_gist", "citext", "pg_trgm", "postgres_fdw")
@pytest.mark.parametrize(("name", "tables", "policies", "triggers", "functions", "views", "types"), SIZES)
def test_a_schema_is_of_real_size(
    fresh: Callable[[str], str],
    name: str,
    tables: int,
    policies: int,
    triggers: int,
    functions: int,
    views: int,
    types: int,
) -> None:
    """It loads on this server, and holds at least what a product of that kind has."""
    with psycopg.connect(fresh(name), autocommit=True) as connection:
        catalog = read(connection)
    own = [relation for relation in catalog.relations.values() if not relation.extension]
    counted = {
        "tables": sum(relation.is_table for relation in own),
        "policies": sum(len(relation.policies) for relation in own),
        "triggers": sum(len(relation.triggers) for relation in own),
        "functions": sum(not function.extension for function in catalog.functions.values()),
        "views": sum(relation.kind == "view" for relation in own),
        "types": sum(not type_.extension for type_ in catalog.types.values()),
    }
    least = dict(zip(counted, (tables, policies, triggers, functions, views, types), strict=True))
    assert {noun: counted[noun] for noun, few in least.items() if counted[noun] < few} == {}
