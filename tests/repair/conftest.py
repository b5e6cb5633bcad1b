"""A database in which a contract is taken, broken and mended, and nothing stays; and what to compare catalogs by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import psycopg
import pytest

from pgcontract.catalog.own_forms import ask
from pgcontract.catalog.snapshot import read
from pgcontract.lifecycle.inventory import inventory
from pgcontract.repair import Plan, plan
from pgcontract.repair.script import search_path
from pgcontract.run.requirements import closure
from pgcontract.run.runner import look, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite
    from pgcontract.embedded import Databases

Connection: TypeAlias = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def lab(
    server: Databases, fresh_name: Callable[[], str], keep: Callable[[Connection], None], request: pytest.FixtureRequest
) -> Iterator[Connection]:
    """A connection of a superuser to a database with the module's SETUP, in which nothing else is left."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name), autocommit=True) as connection:
        connection.execute(request.module.SETUP.encode(), prepare=False)
        keep(connection)
        yield connection
    server.drop_database(name)


@pytest.fixture(scope="module")
def before(lab: Connection) -> Catalog:
    """What the module's SETUP makes."""
    return read(lab)


@pytest.fixture(scope="module")
def stock(before: Catalog) -> Suite:
    """All that can be stated of it."""
    return inventory(before)


@dataclass(frozen=True)
class Mended:
    """What became of a database that was broken: the first plan, what is left, the catalog then, and rows asked for."""

    plan: Plan
    left: list[str]
    after: Catalog
    rows: Sequence[Any] = ()

    @property
    def sql(self) -> str:
        return "\n".join(step.sql for step in self.plan.steps)


class Mend(Protocol):
    """Breaks what the module's SETUP makes, and runs the plan for its inventory, or for another suite, twice."""

    def __call__(self, drift: str, suite: Suite | None = None, rows: str = "", **options: Any) -> Mended: ...


@pytest.fixture
def mend(lab: Connection, stock: Suite) -> Mend:
    def run(drift: str, suite: Suite | None = None, rows: str = "", **options: Any) -> Mended:
        wanted = stock if suite is None else suite
        with lab.transaction(force_rollback=True):
            lab.execute(drift.encode(), prepare=False)
            made = planned(lab, wanted, **options)
            for _ in range(2):
                carry_out(lab, made)
            after = look(lab, closure(wanted))
            left = [finding.message for outcome in verify(wanted, after).outcomes for finding in outcome.findings]
            found = lab.execute(rows.encode(), prepare=False).fetchall() if rows else ()
            return Mended(made, left, after, found)

    return run


def planned(connection: Connection, suite: Suite, **options: Any) -> Plan:
    return plan(suite, look(connection, closure(suite)), ask=partial(ask, connection), **options)


def carry_out(connection: Connection, made: Plan) -> None:
    connection.execute("set local check_function_bodies = off")
    for step in made.steps:
        connection.execute(f"set local search_path = {search_path(step.path)}".encode(), prepare=False)
        connection.execute(step.sql.encode(), prepare=False)
    connection.execute("set local search_path = default")


@pytest.fixture
def unequal() -> Callable[[Catalog, Catalog], list[str]]:
    """Each field in which two catalogs differ, but for the places of columns."""
    return lambda before, after: list(_unequal(before, after, ""))


_BESIDE = frozenset({"forms", "unreadable", "tables", "overloads", "position"})


def _unequal(before: Any, after: Any, path: str) -> Iterator[str]:
    if is_dataclass(before) and type(before) is type(after):
        for field in fields(before):
            if field.name not in _BESIDE:
                yield from _unequal(getattr(before, field.name), getattr(after, field.name), f"{path}.{field.name}")
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            if key not in after or key not in before:
                yield f"{path}[{key}] is {'gone' if key in before else 'new'}"
            else:
                yield from _unequal(before[key], after[key], f"{path}[{key}]")
    elif before != after:
        yield f"{path}: {before!r} -> {after!r}"
