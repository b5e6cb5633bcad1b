"""Authors are told what their expectation lacks to be the equal of the built-in ones; catalogs made by hand do."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import CatalogExpectation, ColumnNotNull, ColumnType, RlsEnabled, RowCount, SchemaExists, TableExists
from pgcontract.catalog.relations import Relation
from pgcontract.testing import catalog, judged, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract import Catalog, Expectation, Finding

LEDGER = catalog(
    {
        "bills": {"id": "uuid not null", "Total": "numeric(12,2)"},
        "app.notes": Relation("app.notes", "table", "ann", rls_enabled=True),
    }
)


class Base(CatalogExpectation):
    def check(self, catalog: Catalog) -> Iterator[Finding]:  # noqa: ARG002 - nothing is looked at
        return iter(())


class Silent(Base):
    table: str


class Wordless(Base):
    """{nothing} is there

    It is said nowhere.
    """

    table: str


class Vague(Base):
    """{table} is vague.

    Example:
    Vague("bills")
    """

    table: Any


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ColumnNotNull("bills", "id"), "passed"),
        (ColumnNotNull("bills", "Total"), "failed"),
        (ColumnType("bills", "Total", "numeric(12,2)"), "passed"),
        (RlsEnabled("app.notes"), "passed"),
        (RlsEnabled("bills"), "failed"),
        (SchemaExists("app"), "passed"),
        (TableExists("notes"), "failed"),
        (RowCount("bills", at_least=1), "skipped"),
    ],
    ids=str,
)
def test_a_catalog_made_by_hand(expectation: Expectation, status: str) -> None:
    assert judged(expectation, LEDGER).status == status


def test_bare_names_are_in_the_schema_of_the_catalog() -> None:
    made = catalog({"bills": {}}, schema="app")
    assert [*made.relations, *made.schemas] == ["app.bills", "app"]
    assert judged(TableExists("bills"), made, schema="app").status == "passed"


def test_the_built_in_ones_are_sound() -> None:
    sound(ColumnType("bills", "Total", "numeric(12,2)", tags=["a", "b"]))


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        (Silent("bills"), "Silent: its class has no docstring"),
        (
            Wordless("bills"),
            "first line of the docstring is no sentence(.|\n)*what is no field: nothing(.|\n)*no `Example",
        ),
        (Vague(threading.Lock()), "a contract file cannot hold it: (.|\n)*cannot be sent to another process"),
    ],
    ids=["silent", "wordless", "vague"],
)
def test_what_an_expectation_lacks(expectation: Expectation, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        sound(expectation)
