"""`pgcontract verify`: statuses, streams, formats, files, selection, settings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from pathlib import Path

Run = Any
Change = Callable[[str, str], None]

VERIFY = ("verify", "contract.yaml", "--db")


def test_a_contract_that_holds(run: Run, url: str) -> None:
    ended = run(*VERIFY, url)
    assert (ended.status, ended.err) == (0, "")
    assert "shop holds" in ended.out.splitlines()[-1]
    assert "\x1b" not in ended.out


@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("alter table users alter id type text", 1),
        ("drop table users", 1),
        ("comment on table users is 'no matter'", 0),
    ],
)
def test_statuses(run: Run, url: str, change: Change, sql: str, status: int) -> None:
    change(url, sql)
    ended = run(*VERIFY, url)
    assert (ended.status, ended.err) == (status, "")
    assert ended.out


def test_what_could_not_be_checked_is_3_and_what_is_broken_comes_first(run: Run, url: str, here: Path) -> None:
    (here / "c.py").write_text(
        "from pgcontract import *\n\n\n"
        "class Faulty(CatalogExpectation):\n"
        '    """It is checked."""\n\n'
        "    def check(self, catalog):\n        raise RuntimeError('oh')\n\n\n"
        "one = Suite('s', [Faulty()])\ntwo = Suite('s', [Faulty(), TableExists('nope')])\n"
    )
    assert run("verify", "c:one", "--db", url).status == 3
    assert run("verify", "c:two", "--db", url).status == 1


def test_a_warning_does_not_break(run: Run, url: str, here: Path) -> None:
    (here / "c.yaml").write_text("suite: s\nexpectations: [TableExists: {table: nope, severity: warning}]")
    ended = run("verify", "c.yaml", "--db", url)
    assert ended.status == 0
    assert "nope" in ended.out


def test_strict_counts_what_was_skipped(run: Run, url: str, here: Path) -> None:
    (here / "c.yaml").write_text("suite: s\nexpectations: [RowCount: {table: users, exactly: 0}, RlsBlocksAnon: users]")
    assert run("verify", "c.yaml", "--db", url, "--probes", "off").status == 0
    assert run("verify", "c.yaml", "--db", url, "--probes", "off", "--strict").status == 1


def test_quiet_and_verbose(run: Run, url: str, change: Change) -> None:
    assert run(*VERIFY, url, "--quiet").out == ""
    assert len(run(*VERIFY, url, "--verbose").out) > len(run(*VERIFY, url).out)
    change(url, "drop table users")
    ended = run(*VERIFY, url, "--quiet")
    assert ended.status == 1
    assert "users" in ended.out


def test_json_on_standard_output_and_html_in_a_file(run: Run, url: str, here: Path) -> None:
    ended = run(*VERIFY, url, "--format", "json", "--output", "report.html", "-o", "again.JSON")
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out)["suite"] == "shop"
    assert (here / "report.html").read_text().lstrip().lower().startswith("<!doctype html>")
    assert json.loads((here / "again.JSON").read_text())["passed"] is True


def test_a_file_without_a_suffix_takes_a_format(run: Run, url: str, here: Path) -> None:
    ended = run(*VERIFY, url, "--format", "json", "--format", "terminal", "-o", "report")
    assert "shop holds" in ended.out
    assert json.loads((here / "report").read_text())["suite"] == "shop"


def test_a_file_beside_the_terminal(run: Run, url: str) -> None:
    assert "shop holds" in run(*VERIFY, url, "-o", "report.html").out


FORMATS = "csv, github, gitlab, html, json, junit, markdown, openmetrics, sarif, tap"
SUFFIXES = ".csv, .github, .html, .json, .md, .prom, .sarif, .tap, .xml"


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ("--format", "jsn"),
            [
                f"no format is called 'jsn'; known are terminal, {FORMATS}",
                "  Perhaps you meant json.",
            ],
        ),
        (("-o", "nowhere/report.html"), ["nowhere/report.html cannot be written: there is no folder nowhere"]),
        (("-o", "folder.html"), ["folder.html cannot be written: it is a folder"]),
        (("-o", "report.htm"), [f"report.htm: which format? Its suffix is none of {SUFFIXES}; say --format"]),
        (("-o", "x.terminal"), [f"x.terminal: which format? Its suffix is none of {SUFFIXES}; say --format"]),
        (
            ("--kind", "TabelExists"),
            [
                "nothing would be checked: no expectation of the contract fits --kind TabelExists",
                "  Perhaps you meant TableExists.",
            ],
        ),
        (("--tag", "nope"), ["nothing would be checked: no expectation of the contract fits --tag nope"]),
        (
            ("--table", "a..b"),
            ["--table: 'a..b' is not a name: unexpected '.' at character 3; write the part in double quotes"],
        ),
    ],
)
def test_what_is_unusable_is_said_before_any_run(
    run: Run, here: Path, arguments: tuple[str, ...], lines: list[str]
) -> None:
    (here / "folder.html").mkdir()
    ended = run(*VERIFY, "postgresql://localhost:1/nothing", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.lines == [lines[0] if lines[0].startswith("  ") else f"pgcontract: {lines[0]}", *lines[1:]]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(run: Run, here: Path) -> None:
    (here / "locked").mkdir(mode=0o500)
    assert run(*VERIFY, "postgresql://localhost:1/nothing", "-o", "locked/report.html").status == 2


@pytest.mark.parametrize(
    ("contract", "line"),
    [
        ("suite: s\ntabels: {}", "contract.yaml:2:1: unknown key 'tabels'"),
        ("suite: s\nexpectations: [TableExist: a]", "contract.yaml:2:16: no expectation is called TableExist"),
        ("suite: s", "nothing would be checked: the contract has no expectation"),
    ],
)
def test_a_broken_contract(run: Run, here: Path, contract: str, line: str) -> None:
    (here / "contract.yaml").write_text(contract)
    ended = run(*VERIFY, "postgresql://localhost:1/nothing")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"pgcontract: {line}")
    assert len(ended.lines) == 1


@pytest.mark.parametrize(
    "arguments",
    [("verify", "nosuch.yaml"), ("verify",), ("verfy",), ("verify", "--nope"), ("verify", "x", "y"), ()],
)
def test_a_command_line_that_is_none(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).status == 2


def test_selection(run: Run, url: str) -> None:
    chosen = json.loads(run(*VERIFY, url, "--format", "json", "--tag", "keys", "--table", "us*").out)
    assert [outcome["kind"] for outcome in chosen["outcomes"]] == ["ColumnType"]


# Where the database is looked for, first to last; the others point nowhere.
@pytest.mark.parametrize("source", ["--db", "pgcontract.toml", "DATABASE_URL", "SUPABASE_DB_URL", "PG*"])
def test_precedence(run: Run, url: str, here: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    order = ["--db", "pgcontract.toml", "DATABASE_URL", "SUPABASE_DB_URL", "PG*"]
    nowhere = "postgresql://nobody@localhost:1/nowhere"
    values = {each: url if each == source else nowhere for each in order[order.index(source) :]}
    arguments = ["--db", values["--db"]] if "--db" in values else []
    if "pgcontract.toml" in values:
        (here / "pgcontract.toml").write_text(f"db = {json.dumps(values['pgcontract.toml'])}\n")
    for name in ("DATABASE_URL", "SUPABASE_DB_URL"):
        if name in values:
            monkeypatch.setenv(name, values[name])
    for key, value in conninfo_to_dict(values["PG*"]).items():
        monkeypatch.setenv({"dbname": "PGDATABASE"}.get(key, f"PG{key.upper()}"), str(value))
    assert run("verify", "contract.yaml", *arguments).status == 0


def test_configuration_in_pyproject_above(run: Run, url: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "pyproject.toml").write_text(
        f'[tool.pgcontract]\ncontract = "contract.yaml"\ndb = {json.dumps(url)}\nprobes = "off"\n'
    )
    (here / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(here / "deep" / "down")
    assert run("verify").status == 0


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("pgcontract.toml", "contrct = 'a'", "unknown key 'contrct'; known are contract, db, setup, probes"),
        ("pgcontract.toml", "contract = 5", "contract must be a text, not 5"),
        ("pgcontract.toml", "setup = 'a'", "setup must be a list of texts, not 'a'"),
        ("pgcontract.toml", "probes = 'raed'", "probes is 'raed', but must be one of off, read, rollback"),
        ("pgcontract.toml", "a = ", "Invalid value (at end of document)"),
        ("pyproject.toml", "[tool]\npgcontract = 5", "tool.pgcontract is 5, but must be a table"),
        ("pyproject.toml", "[tool.pgcontract]\ndbb = 'a'", "unknown key 'dbb'; known are contract, db, setup, probes"),
    ],
)
def test_bad_configuration(run: Run, here: Path, name: str, text: str, line: str) -> None:
    (here / name).write_text(text)
    ended = run("verify", "contract.yaml", "--db", "postgresql://localhost:1/nothing")
    assert ended.status == 2
    assert ended.lines[0].startswith(f"pgcontract: {here / name}: {line}")


def test_setup_on_the_database(run: Run, clone: Callable[[str | None], str], here: Path) -> None:
    (here / "setup.sql").write_text("create table users (id uuid);\n")
    ended = run(*VERIFY, clone(None), "--setup", "setup.sql")
    assert ended.status == 0
    assert ended.lines == ["running the setup on the database: setup.sql"]


@pytest.mark.parametrize(
    ("setup", "line"),
    [
        ("nofile.sql", "nofile.sql does not exist"),
        ("bad.sql", 'bad.sql:2: relation "nope" does not exist'),
        ("supabse", "'supabse' is neither a platform nor a file or folder"),
    ],
)
def test_setup_that_fails(run: Run, url: str, here: Path, setup: str, line: str) -> None:
    (here / "bad.sql").write_text("select 1;\ninsert into nope values (1);\n")
    ended = run(*VERIFY, url, "--setup", setup)
    assert (ended.status, ended.out) == (2, "")
    assert ended.lines[1].startswith(f"pgcontract: {line}")


def test_a_platform_comes_before_a_folder_of_its_name(run: Run, clone: Callable[[str | None], str], here: Path) -> None:
    (here / "supabase").mkdir()
    (here / "c.yaml").write_text("suite: s\nexpectations: [SchemaExists: auth]")
    (here / "pgcontract.toml").write_text(f"setup = ['supabase']\ndb = '{clone(None)}'")
    assert run("verify", "c.yaml").status == 0


def test_a_configured_setup_is_not_run_elsewhere(
    run: Run, clone: Callable[[str | None], str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names production on the command line does not mean to migrate it."""
    (here / "make.sql").write_text("create table users (id uuid)")
    configured, named, environment = clone(None), clone(None), clone(None)
    (here / "pgcontract.toml").write_text("setup = ['make.sql']")
    monkeypatch.setenv("DATABASE_URL", environment)
    for arguments in (("--db", named), ()):
        ended = run(*VERIFY[:-1], *arguments)
        assert ended.status == 1
        assert ended.lines[0].startswith("the configured setup is not run on a database that is not the configured one")
    (here / "pgcontract.toml").write_text(f"setup = ['make.sql']\ndb = '{configured}'")
    assert run(*VERIFY[:-1], "--db", named).status == 1
    assert run(*VERIFY[:-1]).status == 0
    assert run(*VERIFY[:-1], "--db", named, "--setup", "make.sql").status == 0


def test_an_internal_fault_shows_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise RuntimeError("at postgresql://ann:s3cret@host/db with password=s3cret")

    monkeypatch.setattr("pgcontract.run.runner.verify", faulty)
    ended = run(*VERIFY, "postgresql://ann:s3cret@localhost:1/db")
    assert ended.status == 3
    assert "Traceback" in ended.err
    assert "RuntimeError" in ended.err
    assert "please report it" in ended.lines[-1]
    assert "s3cret" not in ended.err


def test_what_is_shown_of_rows(run: Run, url: str, change: Change, here: Path) -> None:
    change(url, "create table r (id int primary key, t text); insert into r values (1, 'secret'), (2, 'hidden')")
    (here / "c.yaml").write_text("suite: s\nexpectations: [ValuesMatch: {table: r, column: t, regex: '^x'}]")
    verify = ("verify", "c.yaml", "--db", url)
    shown = [run(*verify, *more).out for more in (("--examples", "1", "--max-scan-time", "30"), ("--no-values",))]
    words = ("2 of 2", "secret", "hidden")
    assert [[word in text for word in words] for text in shown] == [[True, True, False], [True, False, False]]
