"""Folders of SQL migrations as their tools run them forwards: which files, in which order, and which part of each.

Read as its tool reads it, a migration may say both ways in one file (goose, sql-migrate, dbmate, node-pg-migrate, tern)
or in two (golang-migrate, sqlx). Run whole, it would undo itself, and nobody would be told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Flyway: https://documentation.red-gate.com/flyway, "Migrations", naming.
_VERSION = re.compile(r"V(?P<version>\d+(?:[._]\d+)*)__")
_UNDO = re.compile(r"U\d+(?:[._]\d+)*__")
_WAY = re.compile(
    r"\s*--(?:\s*(?:\+(?:goose|migrate|micrate)\s+|migrate:)(?P<way>up|down)\b|\s*(?P<named>up|down) migration\b"
    r"|-- create above / drop below ----)",
    re.IGNORECASE,
)


def files(folder: Path) -> list[Path]:
    """The `.sql` files of a folder in the order of their names, or of their versions where they are called as Flyway's.

    Hidden ones are editors' and the Finder's; what leads back is left out: `x.down.sql` beside `x.up.sql`, `U1__x.sql`.
    """
    found = sorted(
        path for path in folder.iterdir() if path.suffix.lower() == ".sql" and path.name[0] != "." and path.is_file()
    )
    names = {path.name.lower() for path in found}
    forwards = [path for path in found if not _leads_back(path.name.lower(), names)]
    if not any(_VERSION.match(path.name) for path in forwards):
        return forwards
    return sorted((path for path in forwards if not _UNDO.match(path.name)), key=_flyway)


def _leads_back(name: str, names: set[str]) -> bool:
    return name.endswith(".down.sql") and f"{name.removesuffix('down.sql')}up.sql" in names


def _flyway(path: Path) -> tuple[bool, list[int], bool, str]:
    """What has a version by it, then what is run whenever it changes (`R__x.sql`), then the rest."""
    said = _VERSION.match(path.name)
    version = [int(part) for part in re.split("[._]", said["version"])] if said else []
    return said is None, version, not path.name.startswith("R__"), path.name


def forwards(path: Path) -> str | None:
    """The text of a file in which empty lines stand for those that lead back; None where none of its lines do.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: Some lead back, and it is not UTF-8.
    """
    if not path.is_file():  # a pipe can be read once only, and that is psql's to do
        return None
    with path.open("rb") as lines:
        if not any(line.lstrip().startswith(b"--") and _back(line.decode("latin-1")) for line in lines):
            return None
    kept: list[str] = []
    back = False
    for line in path.read_text("utf-8-sig").split("\n"):
        said = _WAY.match(line)
        back = _back(line) if said else back
        kept.append("" if back else line)
    return "\n".join(kept)


def _back(line: str) -> bool:
    """Whether a line says that those after it lead back."""
    said = _WAY.match(line)
    return said is not None and (said["way"] or said["named"] or "down").lower() == "down"
