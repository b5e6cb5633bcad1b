"""`pgcontract profile` and `inventory --with-data`, as a user runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import Suite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any

SQL = """
create table people (id int primary key, role text, email text);
insert into people select i, (array['a', 'b'])[1 + i % 2], 'p' || i || '@example.com' from generate_series(1, 60) i;
"""


@pytest.fixture(scope="module")
def people(make_template: Callable[[Callable[[str], object]], str]) -> str:
    """A template database with rows."""

    def made(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL)

    return make_template(made)


def test_what_it_writes_holds(run: Run, clone: Callable[[str], str], people: str, here: Path) -> None:
    url = clone(people)
    done = run("profile", "--db", url, "--name", "people", "-o", "rows.yaml", "-o", "rows.json", "-o", "rows.py")
    assert (done.status, done.out, done.err) == (0, "", "")
    text = (here / "rows.yaml").read_text("utf-8")
    assert text.startswith("# What the rows suggest, written by `pgcontract profile` ")
    assert "\nsuite: people\n" in text
    assert "because: seen on 60 rows" in text
    assert "role: {not_null: true, values: [a, b]}" in text
    assert (
        set(Suite.load(here / "rows.json")) == set(Suite.load(here / "rows.py")) == set(Suite.load(here / "rows.yaml"))
    )
    assert run("profile", "--db", url, "--name", "people").out == text
    assert run("verify", "rows.yaml", "--db", url, "--strict").status == 0
    masked = run("profile", "--db", url, "--no-values").out
    assert "values:" not in masked

    done = run("inventory", "--with-data", "--db", url, "-o", "whole.yaml")
    assert (done.status, done.err) == (0, "")
    whole = Suite.load(here / "whole.yaml")
    rows = {each for each in Suite.load(here / "rows.yaml") if each.lane == "data"}
    assert {each.model_copy(update={"because": None}) for each in rows} == set(whole.select(tags="proposed"))
    assert "values: {values: [a, b], tags: [proposed]}" in (here / "whole.yaml").read_text("utf-8")
    assert run("verify", "whole.yaml", "--db", url, "--strict").status == 0


def test_what_cannot_be_read_is_said(run: Run, clone: Callable[[str], str], people: str) -> None:
    url = clone(people)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table more as select 1 as n")
        connection.autocommit = False
        connection.execute("lock table people")
        done = run("profile", "--db", url, "--max-scan-time", "0.2")
    assert done.status == 3
    assert "# Not read: public.people: the scan was cancelled: it took longer than 0.2 s" in done.out
    assert "not read: public.people: " in done.err
    assert "  more:\n" in done.out


def test_what_cannot_be_asked_is_refused(run: Run, here: Path) -> None:
    done = run("inventory", "--no-values", "--db", "postgresql://localhost/none")
    assert (done.status, "they go with --with-data" in done.err) == (2, True)
    assert run("inventory", "--views", "--db", "postgresql://localhost/none").status == 2
    done = run("profile", "--db", "contract.yaml")
    assert (done.status, "is a contract already" in done.err) == (2, True)
    assert run("profile", "--format", "markdown").status == 2
    assert run("profile", "-o", str(here / "rows.md")).status == 2
