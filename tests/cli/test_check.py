"""`pgcontract check`: its formats, its exit statuses, and the hook for pre-commit that runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract.contract import yaml
from pgcontract.report import checked

Run = Any

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "src" / "pgcontract" / "report" / "schemas"
SARIF = ROOT / "tests" / "report" / "schemas" / "sarif-2.1.0.json"
(HOOK,) = yaml.read((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"), "hooks").content

WRONG = """\
suite: shop
ignore:
  - {subject: public.old, because: "going\\e[31m", until: 2020-01-01}
expectations:
  - ColumnType: {table: users, column: id, type: uuid}
  - ColumnType: {table: users, column: id, type: text}
"""
SAID = "public.users.id has the type text, but line 5 says: public.users.id has the type uuid"


def test_nothing_wrong(run: Run) -> None:
    ended = run("check", "contract.yaml")
    assert (ended.status, ended.out, ended.err) == (0, "contract.yaml: 2 expectations, nothing wrong\n", "")


@pytest.mark.parametrize("source", ["postgresql://ann:s3cret@db/app", "host=db password=s3cret"])
@pytest.mark.parametrize("format_", sorted(checked.RENDERERS))
def test_a_database_is_no_contract_and_its_password_nobody_s_to_see(run: Run, source: str, format_: str) -> None:
    ended = run("check", source, "--format", format_)
    assert ended.status == 2
    assert "contract" in ended.out
    assert "s3cret" not in ended.out + ended.err


def test_each_trouble_has_its_line(run: Run, here: Path) -> None:
    (here / "contract.yaml").write_text(WRONG, encoding="utf-8")
    ended = run("check", "contract.yaml")
    assert ended.status == 2
    assert ended.out.splitlines() == [
        "contract.yaml:3:5: warning: the ignore of subject public.old ended on 2020-01-01, and has no effect any more",
        f"contract.yaml:6:5: error: {SAID}",
        "contract.yaml: 2 expectations, 1 error, 1 warning",
    ]
    github = run("check", "contract.yaml", "--format", "github").out.splitlines()
    assert github[1].startswith("::error file=contract.yaml,line=6,col=5,title=The contract contradicts itself::")
    assert github[-1].startswith("::notice title=pgcontract check::")


@pytest.mark.parametrize(("format_", "schema"), [("json", SCHEMAS / "check-1.schema.json"), ("sarif", SARIF)])
def test_machine_formats_keep_their_schema(run: Run, here: Path, format_: str, schema: Path) -> None:
    (here / "contract.yaml").write_text(WRONG, encoding="utf-8")
    (here / "broken.json").write_text("{", encoding="utf-8")
    ended = run("check", "contract.yaml", "broken.json", "absent.yaml", "--format", format_)
    assert ended.status == 2
    document = json.loads(ended.out)
    jsonschema.validate(document, json.loads(schema.read_text("utf-8")))
    if format_ == "sarif":
        levels = [each["level"] for each in document["runs"][0]["results"]]
    else:
        levels = [each["level"] for file in document["files"] for each in file["troubles"]]
    assert levels == ["warning", "error", "error", "error"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--strict",), 2),
        ((), 0),
        (("--format", "xml"), 2),
        (("absent.yaml",), 2),
        (("postgresql://localhost/app",), 2),
    ],
)
def test_warnings_count_where_they_should(run: Run, here: Path, arguments: tuple[str, ...], status: int) -> None:
    (here / "contract.yaml").write_text("".join(WRONG.splitlines(keepends=True)[:-1]), encoding="utf-8")
    (here / "pgcontract.toml").write_text('contract = "contract.yaml"\n', encoding="utf-8")
    assert run("check", *arguments).status == status


def test_without_a_contract_that_is_said(run: Run) -> None:
    ended = run("check")
    assert (ended.status, ended.lines[0]) == (2, "pgcontract: no contract was named")


def test_nothing_in_a_file_acts(run: Run, here: Path) -> None:
    (here / "contract.yaml").write_text('suite: s\n"\\e[31m::error::x\\n::stop-commands::": 1\n', encoding="utf-8")
    for format_ in checked.RENDERERS:
        ended = run("check", "contract.yaml", "--format", format_)
        assert ended.status == 2
        assert "\x1b" not in ended.out
        assert not re.search("^::stop", ended.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("contract.yaml", True),
        ("contracts/billing.contract.yml", True),
        ("billing_contract.json", True),
        ("db/contract.py", True),
        ("baseline.yaml", True),
        ("contracts.yaml", False),
        ("subcontract.yaml", False),
        ("contract.yaml.md", False),
        ("docs/contract.md", False),
    ],
)
def test_the_hook_is_for_contracts(name: str, meant: object) -> None:
    assert bool(re.search(HOOK["files"], name)) is meant


def test_the_hook_runs_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-m", *HOOK["entry"].split(), "contract.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.count("\n") == 3


@pytest.mark.skipif("PGCONTRACT_PRE_COMMIT" not in os.environ, reason="it installs a whole environment: make test-all")
def test_pre_commit_runs_it(tmp_path: Path) -> None:
    """Of what is committed here, in an environment that pre-commit makes from the package index."""
    repository, project = tmp_path / "pgcontract", tmp_path / "project"
    subprocess.run(["git", "clone", "-q", "--depth", "1", ROOT.as_uri(), repository], check=True)
    (project / "db").mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(repository), "pgcontract-check", "--all-files"]
    environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    for text, status in ((WRONG, 1), (WRONG.replace("text", "uuid"), 0)):
        (project / "db" / "contract.yaml").write_text(text, encoding="utf-8")
        subprocess.run(["git", "add", "-A"], cwd=project, check=True)
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        assert ("db/contract.yaml:6:5: error: " in done.stdout) is bool(status)
    shutil.rmtree(tmp_path / "home")
