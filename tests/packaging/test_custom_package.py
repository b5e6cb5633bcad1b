"""A stranger's package of expectations is installed, known to every command, and passes its own tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "custom_expectations"
OFFERED = ["KeepsUpdatedAt", "RefusedAfter", "EmailDomains"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, with the package installed beside it."""
    folder = tmp_path_factory.mktemp("custom") / "project"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    installed = ["--quiet", "--no-deps", "--no-build-isolation", "--target", f"{folder}/installed", f"{folder}"]
    subprocess.run([sys.executable, "-m", "pip", "install", *installed], check=True, capture_output=True)
    return folder


def ran(project: Path, *arguments: str, url: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(project / "installed"), "DATABASE_URL": url, "COLUMNS": "200"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def url(clone: Callable[[str | None], str]) -> str:
    return clone(None)


def test_its_contract_is_verified(project: Path, url: str) -> None:
    options = ["--probes", "rollback", "--db", url]
    held = ran(
        project, "pgcontract", "verify", "contract.yaml", "--setup", "supabase", "--setup", "schema.sql", *options
    )
    assert held.returncode == 0, held.stdout + held.stderr
    with psycopg.connect(url) as connection:
        connection.execute("alter table projects disable trigger keeps_updated_at")
        connection.execute("insert into employees (email) values ('eve@elsewhere.example')")
    broken = ran(project, "pgcontract", "verify", "contract.yaml", *options, "--format", "json")
    outcomes = json.loads(broken.stdout)["outcomes"]
    assert [(each["kind"], each["subject"]) for each in outcomes if each["status"] == "failed"] == [
        ("KeepsUpdatedAt", "public.projects.updated_at"),
        ("EmailDomains", "public.employees.email"),
    ]


@pytest.mark.parametrize("kind", OFFERED)
def test_it_is_explained_like_ours(project: Path, kind: str) -> None:
    explained = ran(project, "pgcontract", "explain", kind)
    assert explained.returncode == 0
    assert "Example:" in explained.stdout
    assert "Every expectation also takes severity, tags and because." in explained.stdout


def test_editors_know_it(project: Path) -> None:
    schema = ran(project, "pgcontract", "schema").stdout
    assert all(f'"{kind}"' in schema for kind in OFFERED)
    assert "stamped" in json.loads(schema)["properties"]


def test_its_own_tests_pass(project: Path, url: str) -> None:
    tested = ran(project, "pytest", "-q", "-p", "no:cacheprovider", url=url)
    assert tested.returncode == 0, tested.stdout
    (passed,) = re.findall(r"(\d+) passed", tested.stdout)
    assert int(passed) > 0


def test_the_guide_shows_its_files() -> None:
    guide = (ROOT / "docs" / "custom.md").read_text("utf-8")
    shown = {ROOT / path for path in re.findall(r'^--8<-- "(.*)"$', guide, re.MULTILINE)}
    assert shown >= {*EXAMPLE.rglob("*.py"), EXAMPLE / "pyproject.toml", EXAMPLE / "contract.yaml"} - {
        EXAMPLE / "tests" / "conftest.py"
    }
    assert all(path.is_file() for path in shown)
