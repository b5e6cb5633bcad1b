"""What Postgres refuses, in words: its message, with the place in the author's text, and without data if so wished."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

# Lost, another transaction was in the way, out of resources, a lock, by the operator, by the system, at a foreign
# server: whatever else is asked fares no better.
_OF_ALL = ("08", "40", "53", "55P03", "57", "58", "HV")
# Messages that hold names, and never what stands in rows; a foreign server's may hold anything.
_HARMLESS = ("08", "40", "42501", "53", "55P03", "57", "58")
CANCELLED = "57014"
"""The server gave up: by a timeout, or because somebody told it to."""
FORBIDDEN = "42501"
"""A privilege is missing."""
LOCKED = "55P03"
"""A lock could not be had in time."""
_GAVE_UP = "ProcessInterrupts"
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something could not be computed.

    Attributes:
        message: The server's own, or ours.
        sqlstate: The server's code; empty for what we ourselves refuse.
        condition: The code in words.
        place: Where in the statement, from 0; only what was not even understood has one.
        statement: What was run.
        hint: The server's.
        inside: Whether a function that was called failed so: it may say what it likes, and by which code it likes.
    """

    message: str
    sqlstate: str = ""
    condition: str = ""
    place: int | None = None
    statement: str = ""
    hint: str | None = None
    inside: bool = False

    @property
    def of_all(self) -> bool:
        """Whether it is not what was asked that is to blame."""
        return not self.inside and self.sqlstate.startswith(_OF_ALL)

    def said(self, written: Iterable[str], *, masked: bool) -> str:
        """The reason as a report has it.

        Args:
            written: The author's texts, one of which the place may be in.
            masked: Whether to leave out a message that may hold what stands in rows.
        """
        if masked and self._may_quote():
            return f"{self.condition} (SQLSTATE {self.sqlstate}); the server's message may hold values: not shown"
        hint = f"; {self.hint[:1].lower()}{self.hint[1:].rstrip('.')}" if self.hint and self.place is not None else ""
        return f"{self.message}{self._where(written)}{hint}"

    def _may_quote(self) -> bool:
        """Whether the message may hold what stands in rows; what is not even understood is said before any is read."""
        harmless = self.place is not None or (self.sqlstate.startswith(_HARMLESS) and not self.inside)
        return bool(self.sqlstate) and not harmless

    def _where(self, written: Iterable[str]) -> str:
        if self.place is None:
            return ""
        for text in written:
            begin = self.statement.find(text)
            while begin >= 0:
                if begin <= self.place <= begin + len(text) + 1:
                    at = self.place - begin
                    where = f"at character {at + 1}" if at < len(text) else "at the end"
                    return f" ({where} of {text!r})"
                begin = self.statement.find(text, begin + 1)
        return ""


def refusal(error: psycopg.Error, statement: str = "", *, begin: int = 0, in_bytes: bool = False) -> Refusal:
    """The error as a refusal of a statement, before which so many characters were sent.

    A server whose encoding is SQL_ASCII knows no characters, and counts bytes.
    """
    position = error.diag.statement_position
    if position and in_bytes:
        position = str(begin + len(statement.encode()[: int(position) - 1 - begin].decode(errors="ignore")) + 1)
    return Refusal(
        message=error.diag.message_primary or (str(error).strip().splitlines() or [type(error).__name__])[0],
        sqlstate=error.sqlstate or "",
        condition=_WORDS.sub(" ", type(error).__name__).rstrip("_").lower(),
        place=int(position) - 1 - begin if position else None,
        statement=statement,
        hint=error.diag.message_hint,
        inside=bool(error.diag.context) and error.diag.source_function != _GAVE_UP,
    )
