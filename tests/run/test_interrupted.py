"""Ctrl-C ends a run, also where taking back what it stopped fails in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract import Suite, verify
from pgcontract.contract.expectation import CatalogExpectation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.verdict import Finding


class Stopped(CatalogExpectation):
    """It is stopped, and what it was about cannot be taken back."""

    def check(self, catalog: Catalog) -> Iterator[Finding]:  # noqa: ARG002
        try:
            raise KeyboardInterrupt
        finally:
            raise psycopg.OperationalError("another command is already in progress")
        yield


def test_an_interrupt_is_no_lost_connection(database: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        verify(Suite("s", [Stopped()]), database)
