"""`pgcontract advise`: where it looks, what it asks, what breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from pgcontract.expectations.advice.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any
SCHEMA = """
create schema api; create role {role}; grant usage on schema api to {role};
create table api.open (id int primary key); grant select on api.open to {role};
create table api.keys (id int primary key, of int references api.open);
"""


@pytest.fixture
def role(change: Callable[[str, str], None], url: str) -> str:
    """A role of this test's own; roles belong to the whole cluster."""
    name = f"advised_{conninfo_to_dict(url)['dbname']}"
    change(url, SCHEMA.format(role=name))
    return name


@pytest.fixture(autouse=True)
def _gone(url: str, role: str, change: Callable[[str, str], None]) -> Any:
    yield
    change(url, f"drop owned by {role}; drop role {role}")


def failed(out: str) -> dict[str, list[str]]:
    outcomes = json.loads(out)["outcomes"]
    return {o["kind"]: [f["object"] for f in o["findings"]] for o in outcomes if o["status"] == "failed"}


def test_an_error_breaks_and_the_rest_is_told(run: Run, url: str, role: str) -> None:
    ended = run("advise", "--db", url, "--format", "json", "--role", role)
    assert ended.status == 1
    assert len(json.loads(ended.out)["outcomes"]) == len(RULES)
    assert failed(ended.out)["ExposedTablesUnderRls"] == ["api.open"]
    assert failed(ended.out)["ForeignKeysIndexed"] == ["api.keys.keys_of_fkey"]
    assert "exposed schemas: api" in ended.err
    assert role in ended.err


@pytest.mark.parametrize(
    ("options", "status", "kinds"),
    [
        (["--only", "ForeignKeys*"], 0, {"ForeignKeysIndexed"}),
        (["--only", "ForeignKeys*", "--fail-on", "info"], 1, {"ForeignKeysIndexed"}),
        (["--level", "error"], 1, {"ExposedTablesUnderRls"}),
        (["--level", "error", "--except", "ExposedTablesUnderRls"], 0, set()),
        (["--schema", "public", "--level", "error"], 0, set()),
    ],
)
def test_what_is_asked_and_what_breaks(
    run: Run, url: str, role: str, options: list[str], status: int, kinds: set[str]
) -> None:
    ended = run("advise", "--db", url, "--format", "json", "--role", role, *options)
    assert (ended.status, set(failed(ended.out))) == (status, kinds)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--schema", "apo"], "schema apo does not exist"),
        (["--role", "nobody_at_all"], "role nobody_at_all does not exist"),
        (["--only", "ForeignKeysIndex"], "Perhaps you meant"),
        (["--except", "*"], "no rule of advice is left"),
        (["--format", "yaml"], "yaml"),
    ],
)
def test_what_is_named_and_not_there_is_no_pass(run: Run, url: str, options: list[str], words: str) -> None:
    ended = run("advise", "--db", url, *options)
    assert ended.status == 2
    assert words in ended.err
    assert not ended.out


def test_settings_say_where_to_look(run: Run, url: str, role: str, here: Path) -> None:
    (here / "pgcontract.toml").write_text(f'exposed_schemas = ["public"]\napi_roles = ["{role}"]\n')
    assert run("advise", "--db", url, "--level", "error").status == 0
    assert run("advise", "--db", url, "--level", "error", "--schema", "api").status == 1
    (here / "pgcontract.toml").write_text('exposed_schemas = "api"\n')
    ended = run("advise", "--db", url)
    assert ended.status == 2
    assert "exposed_schemas must be a list of texts" in ended.err


def test_a_baseline_lets_what_is_known_stand(run: Run, url: str, role: str, here: Path) -> None:
    update = ["--baseline", "advice.yaml", "--baseline-update", "--because", "known", "--level", "error"]
    assert run("advise", "--db", url, "--role", role, *update).status == 0
    assert "known" in (here / "advice.yaml").read_text()
    assert run("advise", "--db", url, "--role", role, "--schema", "api", "--baseline", "advice.yaml").status == 0


def test_files_are_written(run: Run, url: str, role: str, here: Path) -> None:
    assert run("advise", "--db", url, "--role", role, "-o", "advice.html", "-q").status == 1
    assert "ExposedTablesUnderRls" in (here / "advice.html").read_text()


def test_what_cannot_be_reached_is_3(run: Run, role: str) -> None:  # noqa: ARG001
    assert run("advise", "--db", "postgresql://localhost:1/nowhere", "--connect-timeout", "1").status == 3
