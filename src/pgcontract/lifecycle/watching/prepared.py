"""The database of run after run: a private one is made anew when what it is made of changed."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pgcontract.embedded import alembic
from pgcontract.embedded.setup import PLATFORMS
from pgcontract.lifecycle.watching.files import Stamp, stamps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType


class Prepared:
    """A database that is opened when it is first asked for, and again when its setup changed.

    A private server takes 0.2 s and its setup. A template would be quicker, but would keep what scripts leave outside
    of their database, such as roles.
    """

    def __init__(self, opened: Callable[[], AbstractContextManager[str]], setup: Sequence[str]) -> None:
        """Remember how it is opened; nothing is done yet.

        Args:
            opened: Gives the URL, after the setup has run; a private server ends with its block.
            setup: The files, folders, platforms and Alembic projects of the setup.
        """
        self._opened = opened
        items = [item for item in setup if not entry_points(group=PLATFORMS, name=item)]
        self._setup = [path for item in items for path in _files(item)]
        self._stack = ExitStack()
        self._url: str | None = None
        self._stamps: dict[Path, Stamp] | None = None

    @property
    def files(self) -> list[Path]:
        """What the setup is read from, but for platforms: a folder that is called like one is not run."""
        return self._setup

    def url(self) -> str:
        """The database, as the setup now has it.

        Raises:
            SetupError: A statement of the setup failed; the next call tries again.
            DatabaseError: The database cannot be started or reached; likewise.
        """
        now = stamps(self._setup)
        if self._url is None or now != self._stamps:
            self.close()
            self._url = self._stack.enter_context(self._opened())
            self._stamps = now
        return self._url

    def close(self) -> None:
        """End what was opened."""
        self._url = None
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _files(item: str) -> list[Path]:
    """What an item of a setup is read from."""
    return alembic.files(item.removeprefix(alembic.PREFIX)) if item.startswith(alembic.PREFIX) else [Path(item)]
