"""`pgcontract diff`: every kind of source, the exit status, the formats, what is left out, and what bad input gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract import snapshot
from pgcontract.catalog import saved
from pgcontract.report.diff import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any
Change = Any


@pytest.fixture
def other(clone: Callable[[str | None], str], shop: str) -> str:
    """Another database that is alike."""
    return clone(shop)


def found(run: Run, *arguments: str, status: int = 1) -> list[tuple[str, str, str]]:
    """The object, property and grade of each difference."""
    ended = run("diff", *arguments, "--format", "json")
    assert (ended.status, ended.err) == (status, "")
    content = json.loads(ended.out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(content)
    return [(each["object"], each["property"], each["grade"]) for each in content["differences"]]


def test_two_databases(run: Run, url: str, other: str, change: Change, here: Path) -> None:
    ended = run("diff", url, other)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("no difference, from ")
    change(other, "alter table users add note text; comment on table users is 'people'; create schema apart")
    assert found(run, url, other) == [
        ("apart", "existence", "safe"),
        ("public.users", "comment", "safe"),
        ("public.users.note", "existence", "safe"),
    ]
    assert found(run, other, url)[2] == ("public.users.note", "existence", "breaking")
    assert found(run, url, other, "--schema", "public", "--exclude", "users", status=0) == []
    assert found(run, url, other, "--only", "apart") == [("apart", "existence", "safe")]
    ended = run("diff", url, other, "-o", "d.json", "-o", "d.md", "--exit-on", "review")
    assert ended.status == 0
    assert "3 differences: 3 safe, from " in ended.out
    assert json.loads((here / "d.json").read_text("utf-8"))["summary"]["safe"] == 3
    assert "| ✅ safe | column `public.users.note` |" in (here / "d.md").read_text("utf-8")


def test_the_status_is_1_from_the_level_on(run: Run, here: Path) -> None:
    (here / "less.yaml").write_text("suite: shop\nexpectations: [TableExists: users]")
    (here / "more.yaml").write_text("suite: shop\nexpectations: [TableExists: users, TableExists: posts]")
    for level in ("safe", "review", "needs review", "needs-review", "breaking"):
        assert run("diff", "more.yaml", "less.yaml", "--exit-on", level).status == 1
    assert run("diff", "more.yaml", "less.yaml", "--exit-on", "dangerous").status == 0


def test_a_contract_and_a_database_either_way_round(run: Run, url: str, change: Change, here: Path) -> None:
    (here / "c.yaml").write_text(
        "suite: s\nexpectations:\n- ColumnType: {table: users, column: id, type: uuid}\n"
        "- RowCount: {table: users, exactly: 3}\n"
    )
    assert found(run, "c.yaml", url, status=0) == []  # rows are not compared
    change(url, "alter table users alter id type text")
    assert found(run, "c.yaml", url) == [("public.users.id", "type", "breaking")]
    assert found(run, url, "c.yaml") == [("public.users.id", "type", "breaking")]
    assert found(run, url, "c.yaml", "--exclude", "users*", status=0) == []
    (here / "snapshot.json").write_text(saved.dump(snapshot(url)), encoding="utf-8")
    assert found(run, "c.yaml", "snapshot.json") == [("public.users.id", "type", "breaking")]
    assert found(run, "snapshot.json", url, status=0) == []


def test_two_contracts(run: Run, here: Path) -> None:
    (here / "a.yaml").write_text(
        "suite: s\nexpectations:\n- ColumnType: {table: users, column: id, type: uuid}\n- RlsEnabled: users\n"
        "- CommentIs: {noun: table, name: users, comment: people}\n"
    )
    (here / "b.yaml").write_text(
        "suite: t\nexpectations:\n- ColumnType: {table: users, column: id, type: text}\n- TableExists: users\n"
        "- CommentIs: {noun: table, name: users, comment: people}\n"
    )
    assert found(run, "a.yaml", "b.yaml") == [
        ("public.users.id", "type", "breaking"),
        ("public.users", "existence", "dangerous"),
        ("public.users", "existence", "safe"),
    ]
    assert found(run, "a.yaml", "a.yaml", status=0) == []


def test_what_a_contract_could_not_check_is_no_proof(run: Run, url: str, here: Path) -> None:
    (here / "c.py").write_text(
        "from pgcontract import *\n\n\nclass Faulty(CatalogExpectation):\n"
        '    """It is checked."""\n\n'
        "    def check(self, catalog):\n        raise RuntimeError('oh')\n\n\n"
        "suite = Suite('s', [Faulty()])\n"
    )
    ended = run("diff", "c.py", url)
    assert ended.status == 3
    assert "no difference in what could be told" in ended.out
    assert "is no proof" in ended.err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("nope", "contract.yaml"), 2, "'nope' is neither a database nor a file"),
        (("nope.sql", "contract.yaml"), 2, "nope.sql does not exist"),
        (("nope.json", "contract.yaml"), 2, "'nope.json' is neither a database nor a file"),
        (("migrations:nope", "contract.yaml"), 2, "there is no folder of migrations 'nope'"),
        (("migrations:empty", "contract.yaml"), 2, "Perhaps you meant migrations:empty/migrations."),
        (("empty/migrations", "contract.yaml"), 2, "Migrations are named migrations:empty/migrations."),
        (("broken.json", "contract.yaml"), 2, "broken.json: this saved catalog is damaged"),
        (("mysql://x/y", "contract.yaml"), 3, "mysql:// is not PostgreSQL"),
        (("postgresql://u:s3cret@localhost:1/x", "contract.yaml"), 3, "cannot reach the database"),
        (("contract.yaml", "contract.yaml", "--exit-on", "brekaing"), 2, "Perhaps you meant breaking."),
        (("contract.yaml", "contract.yaml", "--format", "jsno"), 2, "Perhaps you meant json."),
        (("contract.yaml", "contract.yaml", "-o", "d.txt"), 2, "which format?"),
        (("contract.yaml", "contract.yaml", "--setup", "supabase"), 2, "--setup is run on databases that are made"),
    ],
)
def test_bad_input_is_one_line(run: Run, here: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    (here / "empty" / "migrations").mkdir(parents=True)
    (here / "empty" / "migrations" / "1.sql").write_text("select 1")
    (here / "broken.json").write_text('{"format": "pgcontract.catalog/1", "server": {}}')
    ended = run("diff", *arguments)
    assert (ended.status, ended.out) == (status, "")
    assert said in ended.err
    assert "s3cret" not in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.pg(">= 18")  # the private one is
def test_migrations_against_a_database(run: Run, url: str, change: Change, here: Path) -> None:
    """In the order of their names, what leads back left out; what the other cluster has by itself is no difference."""
    folder = here / "migrations"
    folder.mkdir()
    (folder / "20_note.up.sql").write_text("create index concurrently users_note on users (note);")
    (folder / "20_note.down.sql").write_text("drop index users_note;")
    (folder / "10_note.sql").write_text("create table users (id uuid primary key, note text);")
    change(url, "alter table users add note text; create index users_note on users (note)")
    assert found(run, "migrations:migrations", url, status=0) == []


@pytest.mark.pg(">= 18")
def test_a_migration_that_fails_says_where(run: Run, here: Path) -> None:
    folder = here / "migrations"
    folder.mkdir()
    (folder / "1.sql").write_text("create table users (id uuid);")
    (folder / "2.sql").write_text("select 1;\n\nalter table nowhere add x int;\n")
    ended = run("diff", "migrations:migrations", "contract.yaml")
    assert (ended.status, ended.out) == (2, "")
    assert 'migrations/2.sql:3: relation "nowhere" does not exist' in ended.err


@pytest.mark.pg(">= 18")
def test_what_is_put_on_the_platform_s_tables_is_compared_and_the_platform_is_not(run: Run, here: Path) -> None:
    (here / "b.sql").write_text(
        "create table notes (id bigint primary key);"
        "create policy readable on storage.objects for select using (true);"
        "alter table auth.users add extra text;"
    )
    (here / "a.sql").write_text("create table notes (id bigint primary key);")
    assert found(run, "a.sql", "b.sql", "--setup", "supabase") == [
        ("storage.objects.readable", "existence", "dangerous")
    ]
