"""`pgcontract report`: a saved run rendered again, into files and standard output; what packages bring along."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.formats import formats
from pgcontract.verdict import Database, Finding, Outcome, Report

if TYPE_CHECKING:
    from pathlib import Path

Run = Any

BEGINS = {
    "csv": "number,status,",
    "github": "::error title=",
    "gitlab": '[\n  {\n    "description"',
    "html": "<!doctype html>",
    "json": '{\n  "format": "pgcontract.report/1"',
    "junit": "<?xml ",
    "markdown": "## ❌ Contract `shop` is broken",
    "openmetrics": "# TYPE ",
    "sarif": '{\n  "$schema"',
    "tap": "TAP version 13\n1..2\n",
}


@pytest.fixture
def report() -> Report:
    finding = Finding("there is no public.users", expected="a table").identified("TableExists", "public.users")
    outcomes = (Outcome("TableExists", "public.users", "failed", findings=(finding,)), Outcome("K", "s", "passed"))
    return Report("shop", Database("app", "18.6", "h"), datetime(2026, 1, 2, tzinfo=UTC), 3.5, outcomes)


@pytest.fixture
def saved(here: Path, report: Report) -> Path:
    return report.save(here / "run.json")


def test_every_format_again_as_it_was_live(run: Run, saved: Path, report: Report) -> None:
    assert BEGINS.keys() == formats().keys()
    texts = [report.render(name) for name in BEGINS]
    assert [text[: len(begin)] for text, begin in zip(texts, BEGINS.values(), strict=True)] == [*BEGINS.values()]
    ended = run("report", str(saved), *(word for name in BEGINS for word in ("--format", name)))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "".join(texts)


def test_the_terminal_by_default_and_standard_input(run: Run, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(b"\xef\xbb\xbf" + report.render("json").encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert "contract shop is broken on app" in run("report", "-").out


@pytest.mark.parametrize(
    ("arguments", "files", "out"),
    [
        (["-o", "a.XML", "-o", "b.sarif", "-o", "c.tap"], {"a.XML": "junit", "b.sarif": "sarif", "c.tap": "tap"}, None),
        (["-o", "a.md", "-o", "b.csv"], {"a.md": "markdown", "b.csv": "csv"}, None),
        (["-o", "a.prom"], {"a.prom": "openmetrics"}, None),
        (["--format", "gitlab", "-o", "gl.json"], {"gl.json": "gitlab"}, None),
        (["-o", "run2.json", "-o", "gl.gitlab.json"], {"gl.gitlab.json": "gitlab", "run2.json": "json"}, None),
        (["--format", "gitlab", "-o", "gl.Gitlab.json", "-o", "x"], {"gl.Gitlab.json": "gitlab", "x": "gitlab"}, None),
        (["--format", "gitlab", "-o", "r.json", "-o", "q.gitlab.json"], {"r.json": "json"}, "gitlab"),
        (["--format", "json", "-o", "gl.gitlab.json"], {"gl.gitlab.json": "gitlab"}, "json"),
        (["--format", "github", "-o", "a.xml"], {"a.xml": "junit"}, "github"),
        (["--format", "github", "--format", "tap", "-o", "a", "-o", "b"], {"a": "github", "b": "tap"}, None),
        (["--format", "json", "-o", "again.json"], {"again.json": "json"}, "json"),
    ],
)  # fmt: skip
def test_a_file_gets_the_format_that_is_meant(
    run: Run, saved: Path, report: Report, here: Path, arguments: list[str], files: dict[str, str], out: str | None
) -> None:
    ended = run("report", str(saved), *arguments)
    assert (ended.status, ended.err) == (0, "")
    for name, format_ in files.items():
        assert (here / name).read_bytes() == report.render(format_).encode()
    assert ended.out == report.render(out) if out else "contract shop is broken" in ended.out


def test_a_format_that_two_files_may_be_meant_for(run: Run, saved: Path) -> None:
    ended = run("report", str(saved), "-o", "again.json", "--format", "gitlab", "-o", "gl.json")
    assert ended.status == 2
    assert ended.err.splitlines() == [
        "pgcontract: which of again.json and gl.json is to be gitlab?",
        "  Call that one so that its name says it, such as report.gitlab.json, without --format gitlab.",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "there is no report 'run.json'"),
        (b"[]", "run.json: not a report: nothing in it says"),
        (b"\xff", "run.json: not a report: this is not UTF-8"),
    ],
)
def test_what_is_no_report(run: Run, here: Path, content: bytes | None, complaint: str) -> None:
    if content is not None:
        (here / "run.json").write_bytes(content)
    ended = run("report", "run.json", "-o", "a.xml")
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
    assert not (here / "a.xml").exists()


ACME = """
def good(report):
    return f"{report.suite}: {len(report.outcomes)}\\n"

def bad(report):
    return 1 / 0

def leaves(report):
    raise SystemExit

def bytes_(report):
    return b""
"""
POINTS = """
[pgcontract.reports]
slack.txt = acme_reports:good
bad = acme_reports:bad
leaves = acme_reports:leaves
bytes = acme_reports:bytes_
absent = acme_absent:render
junit.xml = acme_reports:good
"""


@pytest.fixture
def acme(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers formats, most of them broken."""
    site = tmp_path_factory.mktemp("site")
    (site / "acme_reports.py").write_text(ACME)
    (site / "acme_reports-1.2.dist-info").mkdir()
    (site / "acme_reports-1.2.dist-info" / "METADATA").write_text("Name: acme-reports\nVersion: 1.2\n")
    (site / "acme_reports-1.2.dist-info" / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "acme_reports", raising=False)


@pytest.mark.usefixtures("acme")
def test_a_package_brings_a_format_and_its_suffix(run: Run, saved: Path, here: Path) -> None:
    assert run("report", str(saved), "--format", "slack").out == "shop: 2\n"
    run("report", str(saved), "-o", "message.txt")
    assert (here / "message.txt").read_text() == "shop: 2\n"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("bad", "format 'bad' of acme-reports 1.2 failed: ZeroDivisionError: division by zero (acme_reports.py:6)"),
        ("leaves", "format 'leaves' of acme-reports 1.2 failed: SystemExit (acme_reports.py:9)"),
        ("bytes", "format 'bytes' of acme-reports 1.2 gave bytes, not text"),
    ],
)
def test_a_renderer_that_fails_is_named_and_hinders_no_other(
    run: Run, saved: Path, here: Path, name: str, complaint: str
) -> None:
    ended = run("report", str(saved), "--format", name, "--format", "tap", "-o", "broken", "-o", "good.sarif")
    assert (ended.status, ended.err) == (2, f"pgcontract: {complaint}\n")
    assert ended.out.startswith("TAP version 13")
    assert (here / "good.sarif").exists()
    assert not (here / "broken").exists()


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("absent", "format 'absent' of acme-reports 1.2 cannot be loaded: ModuleNotFoundError: No module named"),
        ("junit", "two packages offer a format 'junit': acme_reports:good and pgcontract.report.junit:render"),
    ],
)
def test_a_format_that_cannot_be_had_is_said_before_the_run(run: Run, name: str, complaint: str) -> None:
    ended = run("verify", "contract.yaml", "--db", "postgresql://localhost:1/nothing", "--format", name)
    assert ended.status == 2
    assert ended.err.startswith(f"pgcontract: {complaint}")


def test_a_report_says_what_it_cannot_be_saved_as(report: Report, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"report\.pdf: which format\? Its suffix is none of \.csv, "):
        report.save(tmp_path / "report.pdf")
