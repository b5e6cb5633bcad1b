"""What is written, and what stands there already."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pgcontract.contract.baseline import write_whole
from pgcontract.errors import ContractError
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

Fate: TypeAlias = Literal["write", "overwrite", "same", "keep"]
CHANGES: frozenset[Fate] = frozenset({"write", "overwrite"})
"""The fates of files that are written."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be written.

    Attributes:
        name: Its path from the folder, with `/`.
        folder: The project's folder, or the top of its repository.
        text: What it is to hold; None where it is there, and stays.
        what: What that is, in a few words.
        edited: Whether it holds what was there before, too, so that writing it loses nothing.
    """

    name: str
    folder: Path
    text: str | None
    what: str
    edited: bool = False

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / self.name

    @property
    def elsewhere(self) -> bool:
        """Whether a link leads out of the folder, so that it is not the project's to write."""
        return not Path(os.path.realpath(self.path)).is_relative_to(os.path.realpath(self.folder))

    def fate(self, *, force: bool) -> Fate:
        """What becomes of it; a file of somebody's is only overwritten where that is wanted."""
        if self.text is None or self.elsewhere:
            return "keep"
        if not self.path.exists() and not self.path.is_symlink():
            return "write"
        if self._holds() == self.text:
            return "same"
        return "overwrite" if force or self.edited else "keep"

    def _holds(self) -> str | None:
        try:
            return self.path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def write(self) -> None:
        """Write it whole or not at all, and the folders above it where they are not there.

        Raises:
            ContractError: It cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(Path(os.path.realpath(self.path)), self.text or "")
        except OSError as error:
            raise ContractError(f"{self.name} cannot be written: {error.strerror}") from None


def fates_of(files: Sequence[File], *, force: bool) -> list[Fate]:
    """What becomes of each."""
    return [file.fate(force=force) for file in files]


def write_all(files: Sequence[File], *, force: bool) -> list[Fate]:
    """Write what is to be written, in order, and say what became of each.

    Raises:
        ContractError: One cannot be written; the hint says which are.
    """
    fates = fates_of(files, force=force)
    written: list[str] = []
    for file, fate in zip(files, fates, strict=True):
        if fate in CHANGES:
            try:
                file.write()
            except ContractError as error:
                raise ContractError(str(error), hint=f"Written already: {', '.join(written) or 'nothing'}.") from None
            written.append(file.name)
    return fates
