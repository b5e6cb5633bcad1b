"""A mutant in memory is what Postgres makes of its statements; kinds of which that is not quite so say in what."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.expectations.advice.suite import advice
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.mutation import KINDS, mutants
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite
    from pgcontract.lifecycle.mutation import Mutant

# So many are made by DDL, each of another kind; with PGCONTRACT_MUTANTS=all some of every kind.
SAMPLE = 30
EACH = 6
# Rows that are there refuse these, and Postgres itself cannot drop what an index with options of a class stands on.
BY_ROWS = (psycopg.errors.UniqueViolation, psycopg.errors.NotNullViolation, psycopg.errors.CheckViolation)
UNDROPPABLE = {"schema public is dropped", "extension pg_trgm is dropped"}
# Nothing in the odd database is of these kinds, or may be taken from it.
NOT_THERE = {
    *("ExclusionDropped", "DatabaseSettingLost", "TriggerFunctionChanged", "LanguageTrustChanged"),
    *("LanguageGranted", "LanguageRevoked", "LanguageGrantOption", "LanguageOwnerChanged"),
    *("FunctionGrantOption", "TypeGrantOption"),
}


@pytest.fixture(scope="module")
def every(odd_url: str) -> Iterator[tuple[psycopg.Connection[object], Catalog, list[Mutant]]]:
    with psycopg.connect(odd_url, autocommit=True, options="-c search_path=") as connection:
        catalog = read(connection)
        yield connection, catalog, list(mutants(catalog))


def drawn(found: list[Mutant]) -> list[Mutant]:
    chance = random.Random(4711)  # noqa: S311 - nothing is secret
    by_kind: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in chance.sample(found, len(found)):
        by_kind[mutant.kind].append(mutant)
    if os.environ.get("PGCONTRACT_MUTANTS") == "all":
        return [mutant for some in by_kind.values() for mutant in some[:EACH]]
    return [by_kind[kind][0] for kind in chance.sample(sorted(by_kind), SAMPLE)]


def differing(mutant: Mutant, after: Catalog) -> list[str]:
    """Where the two are not the same; of kinds that are unlike in part, only whether what is there is there."""
    wrong = []
    for plural in KEPT:
        made, found = getattr(mutant.catalog, plural), getattr(after, plural)
        if KINDS[mutant.kind].unlike is None:
            wrong += [f"{plural} {name}" for name in made.keys() | found.keys() if made.get(name) != found.get(name)]
        else:
            changed = mutant.edit.records.get(plural, {})
            wrong += [f"{plural} {name}" for name, record in changed.items() if (record is None) == (name in found)]
    if KINDS[mutant.kind].unlike is None and mutant.catalog.server != after.server:
        wrong.append("the database itself")
    return wrong


KEPT = (
    *("schemas", "relations", "functions", "sequences", "extensions", "roles", "types", "casts", "operators"),
    *("operator_classes", "languages", "collations", "views", "partitions", "inheritance", "storage", "rules"),
    *("foreign_data_wrappers", "foreign_servers", "foreign_tables", "event_triggers", "publications", "subscriptions"),
    *("statistics", "default_privileges", "text_search_configurations", "text_search_dictionaries"),
)


def test_in_memory_it_is_what_the_statements_make(
    every: tuple[psycopg.Connection[object], Catalog, list[Mutant]],
) -> None:
    connection, _, found = every
    wrong, unmade = {}, 0
    for mutant in drawn(found):
        with connection.transaction(force_rollback=True):
            try:
                for statement in mutant.ddl:
                    connection.execute(statement.encode())
            except BY_ROWS:
                unmade += 1
                continue
            except psycopg.errors.InternalError:
                assert mutant.change in UNDROPPABLE
                continue
            after = read(connection)
        if places := differing(mutant, after):
            wrong[mutant.change] = places[:5]
    assert not wrong
    assert unmade <= SAMPLE / 10


@pytest.mark.pg(">= 18")
def test_there_are_mutants_of_every_kind(every: tuple[psycopg.Connection[object], Catalog, list[Mutant]]) -> None:
    assert set(KINDS) - {mutant.kind for mutant in every[2]} <= NOT_THERE


def test_no_mutant_is_made_twice(every: tuple[psycopg.Connection[object], Catalog, list[Mutant]]) -> None:
    said = [(mutant.kind, mutant.change, mutant.ddl) for mutant in every[2]]
    assert len(said) == len(set(said))


def test_making_mutants_leaves_the_catalog_as_it_was(
    every: tuple[psycopg.Connection[object], Catalog, list[Mutant]],
) -> None:
    connection, catalog, found = every
    assert all(mutant.catalog is not catalog for mutant in found)
    assert read(connection) == catalog


@pytest.fixture(scope="module")
def suites(odd: Catalog) -> dict[str, Suite]:
    """Suites that look at a catalog in different ways: at single objects, at all of them, through requirements."""
    whole = inventory(odd)
    ignoring = whole.ignoring(kind="ColumnType", because="they change").ignoring("odd.c*", because="unsettled")
    return {"inventory": whole, "advice": advice(fail_on="info"), "ignoring": ignoring}


@pytest.mark.parametrize("name", ["inventory", "advice", "ignoring"])
def test_asking_what_looked_at_a_change_is_asking_all(odd: Catalog, suites: dict[str, Suite], name: str) -> None:
    watch = Watch(suites[name], odd)
    found = drawn(list(mutants(odd)))[: 10 if name != "advice" else SAMPLE]
    quick = {mutant.change: watch.notices(mutant) for mutant in found}
    assert quick == {mutant.change: watch.notices_in_full(mutant) for mutant in found}
    assert any(quick.values())


def test_asking_all_is_what_a_run_finds(odd: Catalog, suites: dict[str, Suite]) -> None:
    suite = suites["inventory"]
    watch = Watch(suite, odd)
    for mutant in drawn(list(mutants(odd)))[:5]:
        assert verify(suite, mutant.catalog).passed is not watch.notices(mutant), mutant.change
