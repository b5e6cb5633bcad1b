"""Make .venv and install pgcontract into it with what a make target needs; do nothing when that is already so.

Usage: install.py demo|test|lint|docs

Only the standard library is used, and only wheels are downloaded: a machine with Python and a network is enough, no
compiler. The bundled pip may be too old for ``--group``, so dependency groups are read here.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".installed.json"

# What a make target needs: extras of the package, and dependency groups.
NEEDS: dict[str, tuple[list[str], list[str]]] = {
    "demo": (["embedded"], []),
    "test": (["all"], ["test"]),
    "lint": (["all"], ["dev"]),
    "docs": (["embedded"], ["docs"]),  # the reference tries its examples
}
COVERS = {"demo": ["demo"], "test": ["test", "demo"], "lint": list(NEEDS), "docs": ["docs"]}

OUR_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"

NOT_YOURS = f"you may not write to {ROOT}, or to .venv in it: run make as its owner, or in a clone of your own."

NO_ENSUREPIP = f"""\
{sys.executable} cannot make virtual environments: its ensurepip module is missing.
  Debian, Ubuntu:  apt install python3-venv      (or python{OUR_VERSION}-venv)
  elsewhere:       reinstall Python with ensurepip, or choose another: make PYTHON=/path/to/python …"""

MIRROR = """\
Behind a proxy, or with a mirror of https://pypi.org/, say so and run make again:
  export HTTPS_PROXY=http://proxy.example:3128
  export PIP_INDEX_URL=https://mirror.example/simple/
  export PIP_CERT=/path/to/certificates.pem           (where the network re-signs TLS)"""

NO_WHEEL = f"""\
there is no ready-made wheel for Python {OUR_VERSION} on {sys.platform}, or your mirror lacks it.
  Another Python (3.11 to 3.14) may do:     make PYTHON=python3.12 …
  With a compiler, allow source packages:   PIP_ONLY_BINARY=:none: make …"""

# What pip prints, and what to do about it; the first that matches counts.
ADVICE = {
    "No space left|quota exceeded": "the disk is full: .venv needs about 500 MB, and TMPDIR some more meanwhile.",
    "CERTIFICATE_VERIFY_FAILED|SSLError": f"the package index's certificate is not trusted.\n{MIRROR}",
    "NewConnectionError|Timeout|ProxyError|NameResolutionError|Max retries|Connection (refused|broken)|unreachable": (
        f"the package index cannot be reached.\n{MIRROR}"
    ),
    "Permission denied": NOT_YOURS,
    "No matching distribution|Could not find a version": NO_WHEEL,
    "": "If this looks like chance, run make again; else start afresh: make clean",
}


class InstallError(Exception):
    """The installation cannot go on; the message says what to do."""


def say(text: str) -> None:
    """Print a line of progress at once, also into a pipe."""
    print(text, flush=True)


def fingerprint(target: str, pyproject: dict[str, Any]) -> str:
    """What an installation for the target depends on; another value means: install again."""
    parts = [pyproject[section] for section in ("build-system", "project", "dependency-groups")]
    version = (ROOT / "src" / "pgcontract" / "_version.py").read_text("utf-8")
    text = json.dumps([NEEDS[target], parts, pyproject["tool"]["hatch"], version], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def group(name: str, groups: dict[str, list[Any]]) -> list[str]:
    """The requirements of a dependency group, with those it includes (PEP 735)."""
    found: list[str] = []
    for entry in groups[name]:
        found += [entry] if isinstance(entry, str) else group(entry["include-group"], groups)
    return found


def requirements(target: str, pyproject: dict[str, Any]) -> list[str]:
    """The arguments of ``pip install`` for a target; relative, so that a path with spaces needs no quoting."""
    extras, groups = NEEDS[target]
    package = f".[{','.join(extras)}]" if extras else "."
    return ["--editable", package, *(line for name in groups for line in group(name, pyproject["dependency-groups"]))]


def read_stamp() -> dict[str, Any]:
    """What was installed before: ``{"root": …, "targets": {target: fingerprint}}``; empty where nothing was."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", stamp) if isinstance(stamp, dict) else {}


def why_unusable(stamp: dict[str, Any]) -> str | None:
    """Why the environment has to be made, or made anew; None when it works."""
    if not VENV.exists():
        return "there is none yet"
    if stamp.get("root", str(ROOT)) != str(ROOT):
        return f"it was made in {stamp['root']}, and an environment does not survive a move"
    code = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([PYTHON, "-I", "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "its Python was removed or upgraded, or an earlier installation was interrupted"
    version = done.stdout.strip()
    if os.environ.get("PYTHON") and version != OUR_VERSION:
        return f"it has Python {version}, and PYTHON asks for {OUR_VERSION}"
    return None


def make_environment() -> None:
    """Make an empty .venv with pip in it."""
    if importlib.util.find_spec("ensurepip") is None:
        raise InstallError(NO_ENSUREPIP)
    say(f"  with Python {sys.version.split()[0]} ({sys.executable})")
    try:
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    except subprocess.CalledProcessError as error:
        message = f"{sys.executable} -m ensurepip failed with status {error.returncode}; another Python may do"
        raise InstallError(f"{message}: make PYTHON=/path/to/python …") from error


def pip(*arguments: str) -> None:
    """Run the environment's pip, show what it downloads, and turn what fails into advice."""
    settings = {"PIP_ONLY_BINARY": ":all:", "PIP_RETRIES": "3"}
    fixed = dict.fromkeys(["PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_COLOR", "PIP_NO_INPUT"], "1")
    fixed |= {"PIP_PROGRESS_BAR": "off", "PIP_USER": "0"}
    with subprocess.Popen(
        [str(PYTHON), "-I", "-m", "pip", *arguments],
        cwd=ROOT,
        env=settings | os.environ | fixed,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        output = "".join(map(shown, process.stdout or ()))
    if process.returncode:
        raise InstallError(advice(output))


def shown(line: str) -> str:
    """A line of pip's output, after printing it in short where it names what is downloaded."""
    if match := re.match(r"\s*(?:Downloading|Using cached) (?:\S*/)?(\S+\.whl)(?: (\(.*\)))?", line):
        say("  " + " ".join(filter(None, match.groups())))
    return line


def advice(output: str) -> str:
    """The end of pip's output, and below it what to do."""
    tail = "\n".join("  | " + line for line in output.rstrip().splitlines()[-12:])
    text = next(text for pattern, text in ADVICE.items() if re.search(pattern, output))
    return f"pip failed:\n{tail}\n{text}"


@contextlib.contextmanager
def alone() -> Generator[None]:
    """Wait for another make in the same folder, and hold it off meanwhile."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def install(target: str) -> None:
    """Bring .venv to what the target needs."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    stamp, wanted = read_stamp(), fingerprint(target, pyproject)
    reason = why_unusable(stamp)
    if not reason and stamp.get("targets", {}).get(target) == wanted:
        return
    if not os.access(VENV if VENV.exists() else ROOT, os.W_OK):
        raise InstallError(NOT_YOURS)
    if reason:
        say(f"making .venv: {reason}")
        stamp = {}
        make_environment()
    started = time.monotonic()
    arguments = requirements(target, pyproject)
    say(f"installing into .venv, for make {target}: {' '.join(arguments)}")
    pip("install", *arguments)
    pip("check")
    done = stamp.get("targets", {}) | {name: fingerprint(name, pyproject) for name in COVERS[target]}
    STAMP.write_text(json.dumps({"root": str(ROOT), "targets": done}), "utf-8")
    say(f"installed in {time.monotonic() - started:.0f} s")


def main() -> int:
    """Install for the target on the command line; 1 when that failed."""
    if sys.argv[1:] not in [[target] for target in NEEDS]:
        print(f"usage: install.py {'|'.join(NEEDS)}", file=sys.stderr)
        return 2
    try:
        with alone():
            install(sys.argv[1])
    except (InstallError, OSError) as error:
        print(f"pgcontract could not be installed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
