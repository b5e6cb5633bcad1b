"""Run an Alembic project's migrations on a database of ours, and on no other.

They run in a process of their own: what `env.py` imports, prints, logs and leaves behind stays there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from configparser import ConfigParser, ParsingError
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pgcontract.embedded import psql
from pgcontract.errors import SetupError, install
from pgcontract.records import dataclass

PREFIX = "alembic:"
"""What begins an item of a setup that names a project: `alembic:alembic.ini`."""
_INI, _TOML = "alembic.ini", "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Project:
    """An Alembic project.

    Attributes:
        name: What messages call it: its configuration as it was given.
        config: The file that configures it: an `alembic.ini`, or a `pyproject.toml` with `[tool.alembic]`.
    """

    name: str
    config: Path


def project(given: Path | str) -> Project:
    """The project that a file configures, or the one in a folder.

    Raises:
        SetupError: There is none, or Alembic is not installed.
    """
    config = _config(Path(given))
    if not config.is_file():
        raise SetupError(f"{given} configures no Alembic project: there is no {config}")
    if config.suffix == ".toml" and not _configures(config):
        raise SetupError(f"{given} configures no Alembic project: {config} has no [tool.alembic]")
    found = find_spec("alembic")
    if found is None or found.origin is None:  # a project's own folder is often called so, and is no package
        raise SetupError("running Alembic's migrations needs Alembic, and it is not installed", hint=install("alembic"))
    return Project(str(given), config)


def _config(path: Path) -> Path:
    """The file itself, or the one in a folder that configures Alembic."""
    inside = _TOML if not (path / _INI).exists() and _configures(path / _TOML) else _INI
    return path / inside if path.is_dir() else path


def _configures(toml: Path) -> bool:
    try:
        return "alembic" in tomllib.loads(toml.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return False


def files(given: Path | str) -> list[Path]:
    """What the project is made of, to be watched: its configuration, and the folder of its scripts if that is said."""
    path = Path(given)
    config = _config(path)
    found = [config]
    try:
        if config.suffix == ".toml":
            said = tomllib.loads(config.read_text(encoding="utf-8"))["tool"]["alembic"]["script_location"]
        else:
            read = ConfigParser(interpolation=None)
            read.read(config, encoding="utf-8")
            said = read["alembic"].get("script_location", "%(here)s")
    except (OSError, ValueError, KeyError, ParsingError):
        return found
    folders = (Path(said), config.parent / said, Path(said.replace("%(here)s", str(config.parent))))
    return [*found, *[folder for folder in folders if folder.is_dir()][:1]]


def upgrade(what: Project, url: str) -> None:
    """Upgrade the database to the project's heads.

    Whatever engine `env.py` makes of whatever URL, its connections lead to this database.

    Args:
        what: The project.
        url: The database, as a URL or a connection string.

    Raises:
        SetupError: A migration or `env.py` failed; the message says where, of which revision, and what Postgres said.
        DatabaseError: The connection string cannot be read.
    """
    folder = what.config.parent
    ini, toml = (what.config if what.config.suffix != ".toml" else folder / _INI), folder / _TOML
    order = {
        "database": psql.parameters(url),
        "ini": str(ini.resolve()) if ini.is_file() else None,
        "toml": str(toml.resolve()) if toml.is_file() and _configures(toml) else None,
    }
    with tempfile.TemporaryFile() as diagnostics:  # a pipe would be waited for as long as what env.py has started runs
        done = subprocess.run(
            [sys.executable, "-P", "-m", "pgcontract.embedded.alembic_child"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=diagnostics,
            check=False,
        )
        diagnostics.seek(0)
        said = diagnostics.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise SetupError(f"{what.name}: Alembic ended with {done.returncode}: {said[-1].strip()}") from None
    if "message" in answer:
        raise SetupError(_told(what, answer), hint=answer.get("hint"))


def _told(what: Project, answer: dict[str, Any]) -> str:
    """The file and line, the revision, and what went wrong."""
    place = f"{_short(answer['file'])}:{answer['line']}" if answer.get("file") else what.name
    revision = f"revision {answer['revision']}: " if answer.get("revision") else ""
    return f"{place}: {revision}{answer['message']}"


def _short(file: str) -> str:
    """The path from here, where that is shorter."""
    try:
        return str(Path(file).relative_to(Path.cwd().resolve()))
    except ValueError:
        return os.path.relpath(file) if len(os.path.relpath(file)) < len(file) else file
