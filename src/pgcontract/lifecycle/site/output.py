"""The folder of a site: written file by file, each at once and whole, and only what is other than it was.

What the site wrote stands in a manifest, with nothing in it that changes by itself. By it a later build knows which
files are its own: what is no longer part of the site goes, and what somebody else put there stays.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pgcontract.errors import ContractError, PgContractError

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "pgcontract-site.json"
FORMAT = "pgcontract.site/1"

# No path of ours has other characters; a manifest that somebody changed leads nowhere else.
_OURS = re.compile(r"[a-z0-9~][A-Za-z0-9~@._-]*(/[a-z0-9~][A-Za-z0-9~@._-]*)*", re.ASCII)


class Output:
    """The folder.

    Attributes:
        written: How many files are new or other than before.
        kept: How many are as they were.
        removed: How many are gone.
    """

    def __init__(self, path: Path) -> None:
        """Look at what is there; nothing is made yet.

        Raises:
            ContractError: It is a file, cannot be written, or holds what is no site of ours.
        """
        self.path = path
        self.written = self.kept = self.removed = 0
        _require_writable(path)
        self._before = _manifest(path)
        self._now: set[str] = set()
        if self._before is None:
            self._require_empty()

    def announce(self, names: Iterable[str]) -> None:
        """Say which pages there will be, before the first is written.

        A build that is cut off then leaves nothing that the next one would take for somebody else's.

        Raises:
            PgContractError: Somebody else's file is in the way, or the folder cannot be written.
        """
        before = self._before or set()
        new = set(names) - before
        for name in sorted(new):
            if os.path.lexists(self.path / name):
                raise PgContractError(f"{self.path / name} is not the site's", hint="Move it, or name another folder.")
        self._before = before | new
        if new:
            self._record(self._before)

    def put(self, name: str, text: str) -> None:
        """A page that was announced, by its path with `/` between.

        Raises:
            PgContractError: It cannot be written.
        """
        if name in self._now or name not in (self._before or ()):
            raise ValueError(f"{name} was written before, or never announced")
        content = text.encode("utf-8", "backslashreplace")
        self._now.add(name)
        if self._is(name, content):
            self.kept += 1
            return
        self._write(name, content)
        self.written += 1

    def finish(self) -> None:
        """Take away the pages that are no longer part of the site, and say in the manifest which are.

        Raises:
            PgContractError: The folder cannot be written.
        """
        for name in sorted((self._before or set()) - self._now):
            try:
                self.removed += self._remove(name)
            except OSError as error:
                raise PgContractError(f"{self.path / name} cannot be deleted: {error.strerror}") from None
        self._record(self._now)

    def _record(self, names: Iterable[str]) -> None:
        content = json.dumps({"format": FORMAT, "files": sorted(names)}, indent=1).encode() + b"\n"
        if not self._is(MANIFEST, content):
            self._write(MANIFEST, content)

    def _is(self, name: str, content: bytes) -> bool:
        file = self.path / name
        try:
            return file.stat().st_size == len(content) and file.read_bytes() == content
        except OSError:
            return False

    def _write(self, name: str, content: bytes) -> None:
        """Beside its place, then moved there: a reader sees the old or the new, and nothing between."""
        file = self.path / name
        part = file.with_name(f".{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(file)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise PgContractError(f"{file} cannot be written: {error.strerror}") from None

    def _remove(self, name: str) -> bool:
        file = self.path / name
        folders = [self.path / folder for folder in Path(name).parents if folder.name]
        if any(folder.is_symlink() for folder in folders):  # not a folder that we made
            return False
        try:
            file.unlink()
        except FileNotFoundError:
            return False
        for folder in folders:
            with suppress(OSError):  # not empty
                folder.rmdir()
        return True

    def _require_empty(self) -> None:
        try:
            strange = sorted(entry.name for entry in os.scandir(self.path) if not entry.name.startswith("."))
        except FileNotFoundError:
            return
        except OSError as error:
            raise ContractError(f"{self.path} cannot be read: {error.strerror}") from None
        if strange:
            raise ContractError(
                f"{self.path} holds {strange[0]}, and no site of pgcontract",
                hint="Name an empty folder; it is made where there is none.",
            )


def _manifest(path: Path) -> set[str] | None:
    """What the site there wrote; None where there is none.

    Raises:
        ContractError: The manifest cannot be read, or is none of ours.
    """
    file = path / MANIFEST
    try:
        content = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        raise ContractError(
            f"{file} cannot be read: {reason}", hint="Name another folder, or empty this one."
        ) from None
    found: Any = cast("dict[str, Any]", content) if isinstance(content, dict) else {}
    names = found.get("files")
    if found.get("format") != FORMAT or not isinstance(names, list):
        raise ContractError(f"{file} is not of the format {FORMAT!r}", hint="Name another folder, or empty this one.")
    return {name for name in names if isinstance(name, str) and _OURS.fullmatch(name)}


def _require_writable(path: Path) -> None:
    """The folder, or else the nearest one above it that there is.

    Raises:
        ContractError: It cannot be written.
    """
    if path.exists() and not path.is_dir():
        raise ContractError(f"{path} is no place for a site: it is a file", hint="Name a folder.")
    nearest = path
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise ContractError(f"{path} cannot be made: {nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise ContractError(f"{path} cannot be written: permission denied")
