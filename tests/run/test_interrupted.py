"""Ctrl-C ends a run, also where taking back what it stopped fails in its turn."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract import RowsSatisfy, Suite, verify
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


def test_an_interrupt_cancels_the_scan_on_the_server(database: str) -> None:
    asked = "select count(*) from pg_stat_activity where state = 'active' and query like '%from public.t limit%'"
    with psycopg.connect(database, autocommit=True) as watching:
        watching.execute("create table t as select 1 as a")

        def wait_until(scans: int) -> None:
            began = time.monotonic()
            while watching.execute(f"{asked} and pid <> pg_backend_pid()".encode()).fetchall() != [(scans,)]:
                assert time.monotonic() - began < 60
                time.sleep(0.01)

        def interrupt() -> None:
            wait_until(1)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            verify(Suite("s", [RowsSatisfy("t", "pg_sleep(120) is not null")]), database)
        thread.join()
        wait_until(0)
