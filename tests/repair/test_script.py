"""What is printed, and what is written as a migration: pure, but for the folders."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.errors import ContractError
from pgcontract.repair import Plan, Step
from pgcontract.repair.draft import Draft, merged
from pgcontract.repair.migrations import alembic, supabase
from pgcontract.repair.script import script
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pathlib import Path

DROP = Step("drop table if exists public.t;", "data loss", "table public.t is extra\nnever; mind")
EXTRA = Step("drop policy if exists p on\npublic.t;", "changes access", "policy p is extra", guarded=True)
GRANT = Step("grant select on public.t to anon;", "changes access", "anon has no SELECT")
BARE = Step("create table t (a status);", mends="table t does not exist", path=("app", "public"))
FIRST = Step("alter type s add value if not exists 'a';", mends="no label", transactional=False, first=True)
APART = Step("create index concurrently if not exists i on public.t (a);", mends="no index", transactional=False)


def uncommented(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("--")]


def test_only_what_is_allowed_stands_uncommented() -> None:
    text = script(Plan((DROP, EXTRA, GRANT)), title="x")
    assert uncommented(text)[-2:] == ["grant select on public.t to anon;", "commit;"]
    assert "-- 2 commented out, which --allow 'changes access' --allow 'data loss' would run" in text
    assert "-- drop policy if exists p on\n-- public.t;" in text
    everything = script(Plan((DROP, EXTRA, GRANT)), title="x", allow=["data loss", "changes access"])
    assert [line for line in uncommented(everything) if line.startswith("drop")] == [
        DROP.sql,
        "drop policy if exists p on",
    ]


def test_no_name_gets_out_of_its_comment() -> None:
    """A name may hold a line break, and what looks like a statement behind it."""
    evil = Step("select 1;", mends='table "a\n; drop table users; --" does not exist')
    text = script(Plan((evil,), ("x\nselect 2;",)), title="t\nselect 3;")
    assert [line for line in uncommented(text) if "select" in line or "drop" in line] == ["select 1;"]


def test_each_statement_has_its_path() -> None:
    lines = uncommented(script(Plan((BARE, GRANT)), title="x"))
    assert lines[3:] == [
        *("set local search_path = '';", "set local search_path = app, public;", BARE.sql),
        *("set local search_path = '';", GRANT.sql, "commit;"),
    ]


def test_what_stands_apart_comes_after_the_transaction() -> None:
    lines = uncommented(script(Plan((GRANT, APART)), title="x"))
    assert lines.index("commit;") == lines.index(APART.sql) - 1


def test_what_must_be_committed_comes_before_the_transaction(tmp_path: Path) -> None:
    plan = Plan((FIRST, GRANT, APART))
    lines = uncommented(script(plan, title="x"))
    assert lines.index(FIRST.sql) == 0
    assert lines.index("begin;") == 1
    files = supabase(plan, tmp_path, title="x")
    assert [path.name[15:-4] for path in files] == ["reconcile_before", "reconcile", "reconcile_apart_1"]
    assert [FIRST.sql in path.read_text() for path in files] == [True, False, False]
    code = alembic(plan, tmp_path, title="x").read_text()
    assert code.count("autocommit_block") == 2
    assert code.index("autocommit_block") < code.index("add value") < code.index("grant select")


PRIVILEGES = [
    (
        ["grant select on t to a;", "grant insert on t to a;", "grant select on u to a;", "grant select on t to b;"],
        ["grant select, insert on t to a;", "grant select on u to a;", "grant select on t to b;"],
    ),
    (
        ["grant select (a) on t to x;", "grant update (a) on t to x;", 'grant select ("b, )") on t to x;'],
        ['grant select (a, "b, )"), update (a) on t to x;'],
    ),
    (
        ["revoke select on t from x;", "revoke insert on t from x;", "grant select (a) on t to x;"],
        ["revoke select, insert on t from x;", "grant select (a) on t to x;"],
    ),
    (
        ["grant insert on t to x;", "revoke select on t from x;", "grant select (a) on t to x;"],
        ["grant insert on t to x;", "revoke select on t from x;", "grant select (a) on t to x;"],
    ),
    (
        ["grant select on t to a with grant option;", "grant insert on t to a;"],
        ["grant select on t to a with grant option;", "grant insert on t to a;"],
    ),
]


@pytest.mark.parametrize(("each", "together"), PRIVILEGES)
def test_one_role_is_given_what_it_gets_on_one_object_at_once(each: list[str], together: list[str]) -> None:
    """And columns for themselves: what is revoked on a table is revoked on its columns."""
    drafts = [Draft((Repair(sql, "changes access"),), mends=(sql,)) for sql in each]
    found = merged(drafts)
    assert [draft.statements[0].sql for draft in found] == together
    assert {message for draft in found for message in draft.mends} == set(each)


def test_a_migration_for_supabase_is_the_last(tmp_path: Path) -> None:
    (tmp_path / "29991231235958_later.sql").touch()
    (tmp_path / "99999999999999_no_time.sql").touch()
    first, second = supabase(Plan((GRANT, APART), ("left",)), tmp_path, title="x")
    assert (first.name, second.name) == ("29991231235959_reconcile.sql", "30000101000000_reconcile_apart_1.sql")
    assert not {"begin;", "commit;"} & set(uncommented(first.read_text()))
    assert APART.sql not in first.read_text()
    assert "reset search_path;" in uncommented(first.read_text())
    assert APART.sql in uncommented(second.read_text())


def test_a_revision_for_alembic_follows_the_head(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "a.py").write_text("revision: str = 'aaa'\ndown_revision = None\n")
    (versions / "b.py").write_text(
        "revision = 'bbb'\ndown_revision: str | None = 'aaa'\nraise SystemExit('it was run')\n"
    )
    step = Step("select ':a', x::int, '12:30', \"b\":c;", "blocks writes", mends='it\'s "so"')
    path = alembic(Plan((step, DROP, APART), ("left\nout",)), tmp_path, title='a """title\\')
    ran: list[str] = []

    class Op:
        execute = staticmethod(ran.append)

        @staticmethod
        def get_context() -> Any:
            return type("Context", (), {"autocommit_block": staticmethod(nullcontext)})

    code = path.read_text().replace("from alembic import op\n", "")
    namespace: dict[str, Any] = {"op": Op}
    exec(compile(code, str(path), "exec"), namespace)  # noqa: S102 - what we have written
    assert namespace["down_revision"] == "bbb"
    assert namespace["revision"] in path.name
    namespace["upgrade"]()
    assert "select '\\:a', x::int, '12:30', \"b\"\\:c;" in ran
    assert DROP.sql not in ran
    assert ran.index("reset search_path") < ran.index(APART.sql)
    with pytest.raises(NotImplementedError):
        namespace["downgrade"]()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.py": "revision = 'a'", "b.py": "revision = 'b'"}, "several heads in .*: a, b"),
        ({"a.py": "revision = 'a'\ndown_revision = 'b'", "b.py": "revision = 'b'\ndown_revision = 'a'"}, "in a ring"),
        ({"a.py": "revision = ("}, "cannot be read"),
    ],
)
def test_revisions_that_do_not_fit_are_refused(files: dict[str, str], says: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ContractError, match=says):
        alembic(Plan((GRANT,)), tmp_path, title="x")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no folder"):
        supabase(Plan((GRANT,)), tmp_path / "no", title="x")
    with pytest.raises(ContractError, match="no folder"):
        alembic(Plan((GRANT,)), tmp_path / "no", title="x")
