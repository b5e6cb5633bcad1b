"""A history in a folder: a file a run, a report as ``pgcontract.report/1``, whose name sorts by time.

A name is ``20261122T193324123456Z-billing-app-1a2b3c4d-9f8e7d6c.json``: when the run began, in UTC to the microsecond;
the suite and the database, for people; a digest of suite, database and host, by which the runs that belong together
are found without opening the others; and a random end, so that two runs that began at once do not meet.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pgcontract.errors import ContractError, PgContractError
from pgcontract.lifecycle.history.follow import key_of
from pgcontract.lifecycle.history.past import HEAD, brief, head, told
from pgcontract.lifecycle.history.story import Left
from pgcontract.report.json import load, render
from pgcontract.verdict import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgcontract.lifecycle.history.store import Keep
    from pgcontract.lifecycle.history.story import Key
    from pgcontract.verdict import Past, Report

_TIME = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(r"(?P<at>\d{8}T\d{12}Z)-[a-z0-9_-]*-(?P<key>[0-9a-f]{8})-[0-9a-f]{8}\.json", re.ASCII)
_STALE = 24 * 60 * 60
_SLUG = 24


class Folder:
    """Keeps runs in a folder, which is made when the first run is kept."""

    def __init__(self, path: Path) -> None:
        """Raises `ContractError` if the path is that of a file."""
        if path.exists() and not path.is_dir():
            raise ContractError(
                f"{path} is no place for a history: it is a file", hint="Name a folder; it is made where there is none."
            )
        self.path = path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def add(self, report: Report) -> None:
        """Write the run beside its place, then move it there: a reader sees the whole file or none."""
        key, text = key_of(report), render(report)
        name = f"{_stamp(report)}-{_slug(key.suite)}-{_slug(key.database)}-{_digest(key)}-{secrets.token_hex(4)}.json"
        part = self.path / f".{name}.part"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with part.open("x", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path / name)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise PgContractError(f"{self.name} cannot be written: {error.strerror}") from None

    def before(self, report: Report) -> Iterator[Report | Left]:
        """Of the files that carry our names, only those of the suite and database are opened."""
        wanted = _digest(key_of(report))
        files, _ = self._files()
        yield from (self._read(file.name) for file in reversed(files) if file.key == wanted)

    def past(self, report: Report) -> Iterator[Past]:
        """Of each file only the head is read."""
        wanted, now = _digest(key_of(report)), _stamp(report)
        files, _ = self._files()
        briefs = (self._brief(file.name) for file in reversed(files) if file.key == wanted and file.at < now)
        yield from (run for run in briefs if run is not None)

    def runs(self, last: int | None = None) -> Iterator[Report | Left]:
        """All files of the folder that are not hidden."""
        if not self.path.is_dir():
            raise ContractError(f"there is no folder {self.name}", hint="pgcontract verify … --history DIR makes one.")
        files, left = self._files()
        yield from left
        if last is not None:
            files = sorted(file for group in _grouped(files).values() for file in group[-last:])
        yield from (self._read(file.name) for file in files)

    def prune(self, keep: Keep, key: Key | None = None) -> int:
        """Whatever somebody else named stays."""
        own = [file for file in self._files()[0] if _NAME.fullmatch(file.name)]
        gone = 0
        for digest, files in _grouped(own).items():
            if key is None or digest == _digest(key):
                gone += sum(self._delete(file.name) for file in _surplus(files, keep))
        self._tidy()
        return gone

    def _files(self) -> tuple[list[_File], list[Left]]:
        """The runs, the oldest first, and what is none. Only what somebody else named is opened for that."""
        files: list[_File] = []
        left: list[Left] = []
        try:
            names = sorted(entry.name for entry in os.scandir(self.path) if entry.is_file())
        except FileNotFoundError:
            return [], []
        except OSError as error:
            raise PgContractError(f"{self.name} cannot be read: {error.strerror}") from None
        for name in names:
            if name.startswith("."):
                continue
            if found := _NAME.fullmatch(name):
                files.append(_File(found["at"], name, found["key"]))
                continue
            run = self._read(name)
            if isinstance(run, Left):
                left.append(run)
            else:
                files.append(_File(_stamp(run), name, _digest(key_of(run))))
        return sorted(files), left

    def _read(self, name: str) -> Report | Left:
        try:
            return load((self.path / name).read_text("utf-8"))
        except OSError as error:
            return Left(name, f"it cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            return Left(name, "not a report: it is no text in UTF-8")
        except PgContractError as error:
            return Left(name, str(error))

    def _brief(self, name: str) -> Past | None:
        try:
            with (self.path / name).open(encoding="utf-8", newline="\n") as file:
                begin = head(file.read(HEAD))
        except (OSError, UnicodeDecodeError):
            return None
        if begin is not None and (past := told(begin)) is not None:
            return past
        run = self._read(name)
        return None if isinstance(run, Left) else brief(run)

    def _delete(self, name: str) -> bool:
        """Whether it was there: another program may clear the same folder."""
        try:
            (self.path / name).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise PgContractError(f"{self.path / name} cannot be deleted: {error.strerror}") from None
        return True

    def _tidy(self) -> None:
        """Take away what a run left that was killed while it wrote."""
        for part in self.path.glob(".*.json.part"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _STALE:
                    part.unlink()


class _File(NamedTuple):
    """A run's file; the oldest sorts first."""

    at: str
    name: str
    key: str


def _grouped(files: Iterable[_File]) -> dict[str, list[_File]]:
    groups: dict[str, list[_File]] = {}
    for file in files:
        groups.setdefault(file.key, []).append(file)
    return groups


def _surplus(files: list[_File], keep: Keep) -> list[_File]:
    """Those that need not stay, of one suite and database, the oldest first."""
    if keep.newest is not None:
        return files[: -keep.newest]
    oldest = (datetime.now(UTC) - (keep.age or timedelta())).strftime(_TIME)
    return [file for file in files if file.at < oldest]


def _stamp(report: Report) -> str:
    return report.started_at.astimezone(UTC).strftime(_TIME)


def _digest(key: Key) -> str:
    return fingerprint(key.suite, key.database, key.host)[:8]


def _slug(text: str) -> str:
    """What is readable of a name in every file system."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:_SLUG]
