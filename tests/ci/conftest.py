"""The shell of the action and of the workflows, run as the runners do, with what it calls for real or stood in for."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.contract import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[2]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")

# It notes its words, copies files that it is given, answers with $KNOWN, and ends as $STATUS says.
STAND_IN = """\
#!/bin/sh
name=$(basename "$0")
printf '%s' "$name" >> "$CALLS"
for word in "$@"; do
  printf '\\t%s' "$word" >> "$CALLS"
  case "$word" in
    --output=*) echo "written" > "${word#--output=}" ;;
    body=@*) cp "${word#body=@}" "$CALLS.body" ;;
  esac
  case "$before" in
    --output) echo "written" > "$word" ;;
    --body-file) cp "$word" "$CALLS.body" ;;
  esac
  before=$word
done
echo >> "$CALLS"
case "$*" in *--jq*) [ -z "$KNOWN" ] || echo "$KNOWN" ;; esac
[ "$name" != pgcontract ] || exit "${STATUS_OF_PGCONTRACT:-0}"
"""


@dataclass
class Ran:
    """How a piece of shell ended."""

    status: int
    said: str
    outputs: dict[str, str]
    summary: str
    calls: list[list[str]]
    body: str


@dataclass
class Runner:
    """A machine that runs steps: its folder to work in, its temporary one, and what is first on the path."""

    project: Path
    temporary: Path
    bin: Path
    environment: dict[str, str] = field(default_factory=dict)

    def stand_in(self, *names: str) -> None:
        """Let these commands only note how they were called."""
        for name in names:
            (self.bin / name).write_text(STAND_IN, encoding="utf-8")
            (self.bin / name).chmod(0o755)

    def real(self) -> Path:
        """Let `pgcontract` be ours; the folder that it is in."""
        script = self.bin / "pgcontract"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pgcontract "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        return self.bin

    @staticmethod
    def filled(env: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
        """A step's environment with its expressions evaluated; one that is not known is an error."""
        return {name: EXPRESSION.sub(lambda found: known[found[1]], str(value)) for name, value in env.items()}

    def run(self, text: str, env: Mapping[str, str], shell: str = "bash", **more: str) -> Ran:
        """Run a step's script as GitHub does, or as GitLab with `sh`; `env` has no expressions any more."""
        assert "${{" not in text, "an expression in a script is read as part of it, whatever it holds"
        files = {name: self.temporary / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "CALLS")}
        body = self.temporary / "calls.body"
        for file in (*files.values(), body):
            file.unlink(missing_ok=True)
            if file is not body:
                file.touch()
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
        environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.temporary), "LANG": "C.UTF-8"}
        environment |= {name: str(file) for name, file in files.items()} | {"RUNNER_TEMP": str(self.temporary)}
        done = subprocess.run(
            command if shell == "bash" else ["sh", "-ec", text],
            cwd=self.project,
            env=environment | self.environment | dict(env) | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        pairs = (line.partition("=") for line in files["GITHUB_OUTPUT"].read_text("utf-8").splitlines())
        return Ran(
            done.returncode,
            done.stdout,
            {name: value for name, _, value in pairs},
            files["GITHUB_STEP_SUMMARY"].read_text("utf-8"),
            [line.split("\t") for line in files["CALLS"].read_text("utf-8").splitlines()],
            body.read_text("utf-8") if body.exists() else "",
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine with nothing on it but the system's own commands."""
    made = Runner(tmp_path / "project", tmp_path / "temporary", tmp_path / "bin")
    for folder in (made.project, made.temporary, made.bin):
        folder.mkdir()
    return made


@pytest.fixture(scope="session")
def content() -> Callable[[str], Any]:
    """What stands in a YAML file of the repository."""

    def read(name: str) -> Any:
        return yaml.read((ROOT / name).read_text("utf-8"), name).content

    return read
