"""How long the scans of one relation may take together."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.run.refusal import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Generator

    from pgcontract.run.refusal import Refusal

_TOO_LONG = "statement timeout"
_FOR_ALL = 0.75


@dataclass(slots=True)
class Allowance:
    """The time that is left.

    Attributes:
        longest: How long all may take, in seconds; None for what the connection allows each statement.
        spent: How much of it is gone.
    """

    longest: float | None
    spent: float = 0.0

    @contextmanager
    def spending(self, *, sparing: bool = False) -> Generator[int | None]:
        """Inside, time is spent: at most so many milliseconds.

        Args:
            sparing: Whether to leave a quarter of the whole for what may be asked afterwards.
        """
        began = time.monotonic()
        try:
            yield self._left(sparing=sparing)
        finally:
            self.spent += time.monotonic() - began

    def _left(self, *, sparing: bool) -> int | None:
        if self.longest is None:
            return None
        most = self.longest * _FOR_ALL if sparing else self.longest
        return max(round((most - self.spent) * 1000), 1)

    def ran_out(self, refused: Refusal) -> bool:
        """Whether the server gave up for want of time, and nobody told it to."""
        if refused.sqlstate != CANCELLED:
            return False
        return _TOO_LONG in refused.message if self.longest is None else self.spent >= self.longest * _FOR_ALL

    def said(self, refused: Refusal) -> Refusal:
        """The refusal with what a reader can do about it."""
        if not self.ran_out(refused):
            return refused
        if self.longest is None:
            return replace(refused, message=f"{refused.message}; --max-scan-time gives a scan more time")
        took = f"the scan was cancelled: it took longer than {self.longest:g} s, which is all it may take"
        return replace(refused, message=took)
