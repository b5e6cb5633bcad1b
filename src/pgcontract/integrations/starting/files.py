"""What is written, and what stands there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pgcontract.contract.baseline import write_whole
from pgcontract.errors import ContractError
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

Fate: TypeAlias = Literal["write", "overwrite", "same", "keep"]


@dataclass(frozen=True, slots=True)
class File:
    """A file to be written.

    Attributes:
        name: Its path from the project, with `/`.
        path: Its path.
        text: What it is to hold; None where it is there, and stays.
        what: What that is, in a few words.
        edited: Whether it holds what was there before, too, so that writing it loses nothing.
    """

    name: str
    path: Path
    text: str | None
    what: str
    edited: bool = False

    def fate(self, *, force: bool) -> Fate:
        """What becomes of it; a file of somebody's is only overwritten where that is wanted."""
        if self.text is None:
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
            write_whole(self.path.resolve(), self.text or "")
        except OSError as error:
            raise ContractError(f"{self.name} cannot be written: {error.strerror}") from None
