"""The loop on random schemas: stock is taken, a random change is noticed, and mended without a trace.

`make test` draws few; with PGCONTRACT_LOOP=all many, as `make test-all` has it.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pgcontract.catalog.own_forms import ask
from pgcontract.catalog.snapshot import read
from pgcontract.lifecycle.diff import diff
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.mutation import mutants
from pgcontract.repair import plan
from pgcontract.run.runner import look, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from pgcontract.contract.suite import Suite
    from pgcontract.embedded import Databases

    Connection = psycopg.Connection[Any]

EXAMPLES = 400 if os.environ.get("PGCONTRACT_LOOP") == "all" else 8
MANY = 100
ROUNDS = 6
# Changes that nothing can mend, or that no contract states: `test_loop.py` says why.
BEYOND = {
    *("TableRenamed", "ColumnRenamed", "SequenceRenamed", "TypeRenamed", "AttributeRenamed", "AttributeDropped"),
    *("EnumLabelAdded", "EnumLabelRenamed", "EnumLabelsReordered", "GeneratedDropped"),
    *("ColumnsSwapped", "ExtensionVersionChanged", "RoleAdded", "ExtensionDropped"),
}


def module(name: str) -> ModuleType:
    """A module of this folder: tests cannot import each other."""
    spec = importlib.util.spec_from_file_location(f"schemas_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    loaded = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


ddl, equal = module("ddl"), module("equal")


@pytest.fixture(scope="module")
def lab(server: Databases, fresh_name: Any, keep: Any) -> Iterator[Connection]:
    """A connection to a database of this module's own, in which nothing is left."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name)) as connection:
        connection.execute(ddl.ROLES_MADE)
        keep(connection)
        yield connection
    server.drop_database(name)


def mend(connection: Connection, suite: Suite) -> None:
    """Reconcile in the open transaction, in rounds, and expect nothing to be left."""
    connection.execute("set local check_function_bodies = off")
    for _ in range(ROUNDS):
        found = plan(suite, look(connection, suite), ask=lambda world, forms: ask(connection, world, forms))
        if not found.steps:
            assert not found.unresolved, found.unresolved
            return
        for step in found.steps:
            path = ", ".join(f'"{each}"' for each in step.path)
            connection.execute("select pg_catalog.set_config('search_path', %s, true)", (path,))
            connection.execute(step.sql.encode(), prepare=False)
        connection.execute("select pg_catalog.set_config('search_path', '', true)")
    raise AssertionError("it does not end")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < MANY,  # few are the same few each time, and not made smaller
    phases=[Phase.explicit, Phase.generate] if EXAMPLES < MANY else list(Phase),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(ddl.schemas(), st.randoms(use_true_random=False))
def test_a_random_change_of_a_random_schema_is_mended(
    lab: Connection, statements: tuple[str, ...], chance: Any
) -> None:
    """The inventory holds; the change breaks it; reconciled, the catalog is what it was, field by field."""
    with lab.transaction(force_rollback=True):
        for statement in statements:
            lab.execute(statement.encode(), prepare=False)
        before = read(lab)
        suite = inventory(before)
        assert {outcome.status for outcome in verify(suite, before).outcomes} == {"passed"}
        every = [mutant for mutant in mutants(before) if mutant.kind not in BEYOND and mutant.object != "plpgsql"]
        mutant = chance.choice([mutant for mutant in every if not mutant.void])
        for statement in mutant.ddl:
            lab.execute(statement.encode(), prepare=False)
        changed = read(lab)
        if not equal.unequal(before, changed, places=True):
            return
        assert diff(before, changed)
        assert any(outcome.status == "failed" for outcome in verify(suite, changed).outcomes), mutant.change
        mend(lab, suite)
        after = read(lab)
        assert equal.unequal(before, after) == [], mutant.change
        assert [each for each in diff(before, after) if each.property != "column order"] == []
