"""Guides that begin with an empty folder: their files are written and their commands run, and print what is shown."""

from __future__ import annotations

import os
import re
import shlex
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

import pgcontract
import pgcontract.embedded
from pgcontract import Suite, verify
from pgcontract.cli import main
from pgcontract.embedded import apply_setup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(
    r"(?:`(?P<file>[\w./-]+\.\w+)`[^`\n]*:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)
# What is not the same from run to run, or from server to server.
VARIES = re.compile(
    r"in \d[\d.]* m?s\b|(?<=with )\d+(?= attempts)|(?<= on )\w+(?= \(PostgreSQL)|(?<=PostgreSQL )[\d.]+"
)


@dataclass(frozen=True)
class Done:
    """A command of a page, what stands below it, what it printed instead, and its exit status."""

    command: str
    shown: str
    printed: str
    status: int

    @property
    def as_shown(self) -> bool:
        """Whether it printed what is shown, where a line that says … stands for any lines."""
        parts = [re.escape(VARIES.sub("~", part)) for part in re.split(r"^…\n", self.shown, flags=re.MULTILINE)]
        return re.fullmatch("(?:.*\n)*?".join(parts), VARIES.sub("~", self.printed)) is not None


@dataclass(frozen=True)
class Guide:
    """Follows a page: writes each file that it names before a block, and runs each of our commands.

    In `console` blocks private databases are used, in `sh` blocks and by SQL without a file one that is there.
    """

    made: Callable[[Sequence[Any]], str]
    environment: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[bytes]

    def follow(self, page: str) -> Iterator[Done]:
        """What came of its commands, one after another."""
        for block in BLOCK.finditer((DOCS / page).read_text("utf-8")):
            text, language = block["text"], block["language"]
            if block["file"]:
                Path(block["file"]).parent.mkdir(parents=True, exist_ok=True)
                Path(block["file"]).write_text(text, "utf-8")
            elif language == "sql":
                with psycopg.connect(os.environ["SUPABASE_DB_URL"]) as connection:
                    connection.execute(text.encode())
                    connection.rollback()
            else:
                yield from self._run(text, language)

    def _run(self, text: str, language: str) -> Iterator[Done]:
        if language == "console":
            for step in re.findall(r"^\$ (pgcontract .*\n(?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                yield self._ran(*step.split("\n", 1))
        elif language == "sh":
            self.environment.setenv("SUPABASE_DB_URL", self.made(["supabase", "supabase/migrations"]))
            for command in re.findall(r"^pgcontract .*", text, re.MULTILINE):
                yield self._ran(os.path.expandvars(command), "…\n")

    def _ran(self, command: str, shown: str) -> Done:
        self.environment.setattr(sys, "argv", shlex.split(command))
        self.captured.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = self.captured.readouterr()
        status = int(ended.value.code or 0)
        assert status in {0, 1}, said.err.decode()
        return Done(command, shown, said.out.decode(), status)


@pytest.fixture(scope="module")
def platform(make_template: Callable[[Sequence[str]], str]) -> str:
    return make_template(["supabase"])


@pytest.fixture
def guide(
    clone: Callable[[str | None], str],
    platform: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Guide:
    """An empty folder in which a page can be followed; a database of the server that is there is a private one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    known: dict[tuple[Path, ...], str] = {}

    def made(setup: Sequence[Any]) -> str:
        """The same database for the same files: no command that is followed leaves anything in it."""
        files = tuple(path for item in setup for path in (Path(item), *sorted(Path(item).rglob("*"))))
        if files not in known:
            known[files] = clone(platform if "supabase" in setup else None)
            apply_setup(known[files], [item for item in setup if item != "supabase"])
        return known[files]

    @contextmanager
    def embedded(setup: Sequence[Any] = ()) -> Iterator[str]:
        yield made(setup)

    monkeypatch.setattr(pgcontract.embedded, "postgres", embedded)
    return Guide(made, monkeypatch, capfdbinary)


@pytest.mark.pg(">= 18")
def test_a_supabase_project(guide: Guide) -> None:
    done = list(guide.follow("supabase.md"))
    assert [one for one in done if not one.as_shown] == []
    assert [one.status for one in done] == [1, 0, 0, 0, 1, 1, 0, 1]
    assert "policy notes_shared" in done[-1].printed


@pytest.mark.pg(">= 18")
@pytest.mark.parametrize("page", ["sqlalchemy.md", "alembic.md"])
def test_models_and_migrations(guide: Guide, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("contract", "models"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    done = next(guide.follow(page))
    assert done.as_shown, done.printed
    assert done.status == 1


# What the table of the guide speaks of, beside what its files make.
MORE = """
update orders set status = case id when 1 then 'sent' else 'paid' end;
create table orders_archive as select * from orders;
create table events as select '{"kind": "a"}'::jsonb as payload, '{}' as raw, '2026-11-23' as day;
create table bills as select 1 as id, 'paid' as status, true as paid, 10 as net, 2 as tax, 12 as gross, 12 as billed,
    12 as due, 1 as billing_id, 2 as shipping_id;
"""


@pytest.mark.pg(">= 18")
def test_from_great_expectations(guide: Guide, clone: Callable[[str | None], str]) -> None:
    (done,) = guide.follow("from-great-expectations.md")
    assert done.as_shown, done.printed
    url = clone(None)
    apply_setup(url, ["orders.sql"])
    with psycopg.connect(url) as connection:
        connection.execute(MORE.encode())
    expectations = [*translated("from-great-expectations.md")]
    assert len(expectations) > 40
    report = verify(Suite("all of them", expectations), url)
    assert [one for one in report.outcomes if one.status != "passed"] == []


ORDER = """
insert into users values (1);
insert into invoices (user_id, amount, state) values (1, 12.5, 'open'), (1, 7, 'paid');
alter table invoices enable trigger touch;
alter table invoices drop constraint invoices_state_check, add check (state in ('open', 'paid'));
alter table invoices enable row level security;
revoke truncate on invoices from anon, authenticated;
drop policy own on invoices;
create policy own on invoices using (user_id = nullif(current_setting('app.user_id', true), '')::bigint);
create function owed(whom bigint) returns numeric stable language plpgsql as $$ begin
    if whom < 0 then raise 'nobody' using errcode = '22023'; end if;
    return (select sum(amount) from public.invoices where user_id = whom and state = 'open');
end $$;
"""
"""What puts the schema of the guide in order, so that all that it says can be said of it holds."""


@pytest.mark.pg(">= 18")
def test_from_pgtap(guide: Guide) -> None:
    (done,) = guide.follow("from-pgtap.md")
    assert done.as_shown, done.printed
    url = guide.made(["supabase", "schema.sql"])
    with psycopg.connect(url) as connection:
        connection.execute(ORDER.encode())
    report = verify(Suite("all of them", [*translated("from-pgtap.md")]), url, probes="rollback")
    assert [(one.sentence, one.reason, one.findings) for one in report.outcomes if one.status != "passed"] == []
    assert len(report.outcomes) > 12


def test_pgtap_says_what_the_guide_says_of_it(clone: Callable[[str | None], str]) -> None:
    page = (DOCS / "from-pgtap.md").read_text("utf-8")
    schema, tests = re.findall(r"^```sql\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    alarms = re.findall(r"^\| `(col_\w+\(.*?\))`", page, re.MULTILINE)
    with psycopg.connect(clone(None)) as connection:
        if not connection.execute("select 1 from pg_available_extensions where name = 'pgtap'").fetchone():
            pytest.skip("the server has no pgTAP")
        connection.execute("create extension pgtap")
        connection.execute(schema.encode())
        points = [*re.findall(r"^select ((?!plan|\*).*\(.*\));$", tests, re.MULTILINE), *alarms]
        connection.execute("select no_plan()")
        said = [str(connection.execute(f"select {point}".encode()).fetchone()).split(" ")[0] for point in points]
    assert (len(alarms), len(points)) == (4, 16)
    assert said == ["('ok"] * 12 + ["('not"] * 4


class Public(dict[str, Any]):
    """The public names of the package, which are imported when they are asked for."""

    def __missing__(self, name: str) -> Any:
        return getattr(pgcontract, name)


def translated(page: str) -> Iterator[Any]:
    """Every expectation in the tables of a page, made."""
    cells = re.findall(r"^\|.*?\| (.*) \|$", (DOCS / page).read_text("utf-8"), re.MULTILINE)
    for code in (code for cell in cells for code in re.findall(r"`([A-Z]\w+\([^`]*\))`", cell)):
        yield eval(code, {}, Public())  # noqa: S307 - our own text
