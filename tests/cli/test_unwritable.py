"""A file or folder that cannot be written is said before anything is done for it: no database is asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

Run = Any

DB = ("--db", "postgresql://h.invalid/x")  # whoever asks it ends with 3
FILES = {
    "verify": (("verify", "contract.yaml", *DB), "html"),
    "watch": (("watch", "contract.yaml", *DB), "html"),
    "smoke": (("smoke", *DB), "json"),
    "leaks": (("leaks", *DB), "json"),
    "matrix": (("matrix", *DB), "html"),
    "advise": (("advise", *DB), "md"),
    "report": (("report", "nothing.json"), "xml"),
    "history": (("history", "nothing"), "md"),
    "diff": (("diff", "contract.yaml", DB[1]), "json"),
    "inventory": (("inventory", *DB), "yaml"),
    "profile": (("profile", *DB), "yaml"),
    "mutate": (("mutate", "contract.yaml", *DB), "json"),
    "reconcile": (("reconcile", "contract.yaml", *DB), "sql"),
    "demo": (("demo",), "html"),
}
PLACES = {
    "nowhere/x": "there is no folder nowhere",
    "nowhere/at/all/x": "there is no folder nowhere/at/all",
    "folder": "it is a folder",
    "contract.yaml/x": "there is no folder contract.yaml",
    "a" * 300: "File name too long",
    "denied": "permission denied",
}
FOLDERS = [
    (("verify", "contract.yaml", *DB, "--history"), "contract.yaml", "contract.yaml is no place for a history"),
    (("verify", "contract.yaml", *DB, "--history"), "contract.yaml/runs", "contract.yaml is a file"),
    (("verify", "contract.yaml", *DB, "--history"), "denied/runs/of/mine", "permission denied"),
    (("smoke", *DB, "--history"), "contract.yaml/runs", "contract.yaml is a file"),
    (("advise", *DB, "--history"), "denied", "permission denied"),
    (("reconcile", "contract.yaml", *DB, "--output-dir"), "nowhere", "there is no such folder"),
    (("reconcile", "contract.yaml", *DB, "--output-dir"), "contract.yaml", "contract.yaml is a file"),
    (("reconcile", "contract.yaml", *DB, "--output-dir"), "denied", "permission denied"),
    (("reconcile", "contract.yaml", *DB, "--alembic"), "nowhere", "there is no such folder"),
    (("reconcile", "contract.yaml", *DB, "--alembic"), "denied", "permission denied"),
    (("mutate", "denied/contract.yaml", *DB), "--write", "denied/contract.yaml cannot be written: permission denied"),
]


@pytest.fixture(autouse=True)
def denied(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder and files that may not be written, not even by root."""
    (here / "denied").mkdir()
    (here / "denied" / "contract.yaml").write_text((here / "contract.yaml").read_text())
    for _, suffix in FILES.values():
        (here / f"denied.{suffix}").touch()
        (here / f"folder.{suffix}").mkdir(exist_ok=True)
    really = os.access

    def access(path: Path, mode: int, **options: Any) -> bool:
        forbidden = mode & os.W_OK and Path(path).absolute().is_relative_to(here) and "denied" in str(path)
        return not forbidden and really(path, mode, **options)

    monkeypatch.setattr(os, "access", access)


@pytest.mark.parametrize(
    ("command", "place"),
    [*(("leaks", place) for place in PLACES), *((command, "folder") for command in FILES)],
    ids=lambda name: name[:20],
)
def test_a_file(run: Run, command: str, place: str) -> None:
    arguments, suffix = FILES[command]
    path = f"{place}.{suffix}"
    ended = run(*arguments, "--output", path)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"pgcontract: {path} cannot be written: {PLACES[place]}\n"


@pytest.mark.parametrize(("arguments", "place", "reason"), FOLDERS)
def test_a_folder(run: Run, here: Path, arguments: tuple[str, ...], place: str, reason: str) -> None:
    before = sorted(here.rglob("*"))
    ended = run(*arguments, place)
    assert (ended.status, ended.out) == (2, "")
    assert reason in ended.err
    assert sorted(here.rglob("*")) == before
