"""`pgcontract mutate`: the score decides the status, survivors come with what notices them, the file is added to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.lifecycle.mutation.document import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

Run = Any
SHOP = ("--only", "users", "--kind", "Table*")
NOTHING = "there is nothing to change: no object in scope is of such a kind"
WEAK = "suite: shop  # mine\nexpectations:\n  - TableExists: users\n"


def run_json(run: Run, *arguments: str) -> Any:
    ended = run("mutate", *arguments, "--format", "json")
    assert ended.status == 0, ended.err
    return json.loads(ended.out)


def test_the_score_and_the_survivors_are_shown(run: Run, url: str, here: Path) -> None:
    (here / "contract.yaml").write_text(WEAK)
    ended = run("mutate", "contract.yaml", "--db", url, *SHOP)
    assert ended.status == 0
    assert "TableUnlogged: a table is no longer written to the log" in ended.out
    assert "✗ table public.users is made unlogged" in ended.out
    assert "+ TableStorage: {table: public.users" in ended.out
    assert ended.out.splitlines()[-1].startswith("shop: score ")


def test_json_is_as_its_schema_says(run: Run, url: str, here: Path) -> None:
    (here / "contract.yaml").write_text(WEAK)
    found = run_json(run, "contract.yaml", "--db", url, "--only", "users", "-o", "m.json")
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    assert found == json.loads((here / "m.json").read_text("utf-8"))
    assert (found["suite"], found["real"], found["broken"]) == ("shop", False, 0)
    assert 0 < found["killed"] < found["mutants"]
    assert {"kind": "ColumnNullable"} not in found["survivors"]


@pytest.mark.parametrize(("least", "status"), [("0", 0), ("10", 0), ("100", 1)])
def test_the_least_score_decides_the_status(run: Run, url: str, here: Path, least: str, status: int) -> None:
    (here / "contract.yaml").write_text(WEAK)
    assert run("mutate", "contract.yaml", "--db", url, *SHOP, "--min-score", least).status == status


def test_what_is_written_notices_all_and_keeps_the_text(run: Run, url: str, here: Path) -> None:
    (here / "contract.yaml").write_text(WEAK)
    ended = run("mutate", "contract.yaml", "--db", url, "--only", "users", "--kind", "Column*", "--write")
    assert ended.status == 0
    assert "expectations were added to contract.yaml" in ended.err
    assert (here / "contract.yaml").read_text().startswith(WEAK)
    again = run("mutate", "contract.yaml", "--db", url, "--only", "users", "--kind", "Column*", "--min-score", "100")
    assert again.status == 0
    assert run("verify", "contract.yaml", "--db", url).status == 0


def test_what_is_known_to_be_broken_is_said_and_not_added_to(run: Run, url: str, here: Path) -> None:
    text = "suite: shop\nexpectations:\n  - TableExists: gone\n"
    (here / "contract.yaml").write_text(text)
    ended = run("mutate", "contract.yaml", "--db", url, *SHOP)
    assert "1 expectation does not hold to begin with" in ended.out
    ended = run("mutate", "contract.yaml", "--db", url, *SHOP, "--write")
    assert (ended.status, (here / "contract.yaml").read_text()) == (2, text)
    assert ended.lines[0] == "pgcontract: nothing is added to a contract that does not hold: 1 of its expectations fail"


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        (("--kind", "TableDroped"), "no kind of change fits --kind TableDroped", "Perhaps you meant TableDropped."),
        (("--kind", "Polcy"), "no kind of change fits --kind Polcy", "Perhaps you meant Policy*."),
        (("--only", "user"), NOTHING, "Perhaps you meant users."),
        (("--only", "nothing"), NOTHING, "Known are users."),
        (("--schema", "publik"), NOTHING, "Perhaps you meant public."),
        (("--only", "users", "--kind", "Policy*"), NOTHING, None),
        (("--format", "yaml"), "no format is called 'yaml'; known are terminal, json", None),
        (("-o", "m.txt"), "m.txt: which format? Its suffix is not .json", None),
    ],
)
def test_what_cannot_be_done_is_said(
    run: Run, url: str, arguments: tuple[str, ...], said: str, hint: str | None
) -> None:
    ended = run("mutate", "contract.yaml", "--db", url, *arguments)
    assert (ended.status, ended.lines[0]) == (2, f"pgcontract: {said}")
    assert hint is None or ended.lines[1].strip() == hint


PROBED = """\
suite: shop
principals: [{name: reader, role: mutate_reader}]
expectations:
  - ReadableBy: {table: notes, by: reader, rows: all}
"""


def test_for_real_probes_notice_and_the_database_is_as_it_was(run: Run, url: str, here: Path) -> None:
    """A policy that lets nobody see anything is no matter of the catalogs' to this contract, but its probe sees it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role mutate_reader")
        connection.execute("create table notes (id int primary key)")
        connection.execute("grant select on notes to mutate_reader; grant usage on schema public to mutate_reader")
        connection.execute("alter table notes enable row level security")
        connection.execute("create policy seen on notes using (true)")
        connection.execute("comment on table notes is 'said'")
        before = read(connection)
    try:
        (here / "contract.yaml").write_text(PROBED)
        kinds = [w for kind in ("PolicyUsingFalse", "CommentDropped", "PolicyRenamed") for w in ("--kind", kind)]
        quick = run_json(run, "contract.yaml", "--db", url, "--only", "notes", *kinds)
        assert (quick["mutants"], quick["killed"]) == (3, 0)
        real = run_json(run, "contract.yaml", "--db", url, "--only", "notes", *kinds, "--real")
        assert (real["real"], real["mutants"], real["killed"], real["unmade"]) == (True, 3, 1, [])
        assert {one["kind"] for one in real["survivors"]} == {"CommentDropped", "PolicyRenamed"}
        with psycopg.connect(url, autocommit=True) as connection:
            assert read(connection) == before
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("drop owned by mutate_reader; drop role mutate_reader")
