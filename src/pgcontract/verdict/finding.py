"""What a check found: one way in which the database is not what the contract says, and what would mend it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from datetime import date, datetime

Hazard = Literal["none", "data loss", "renames", "rewrites the table", "blocks writes", "changes access"]
"""What a repair may cost; `renames`: it takes one thing for another one under a new name."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One SQL statement, idempotent, that would mend a finding, and what running it may cost."""

    sql: str
    hazard: Hazard = "none"


@dataclass(frozen=True, slots=True)
class Since:
    """A finding is there since the run that began `at` (aware), in so many `runs`; or before, where no run tells."""

    at: datetime
    runs: int
    or_before: bool = False


@dataclass(frozen=True, slots=True)
class Examples:
    """Some of the rows that a finding is about.

    Attributes:
        columns: What the values are called: what a row is found by first, then what is wrong with it.
        rows: The values of each row, in the order of the columns, as text; None is NULL. A long value is cut.
        masked: There are such rows, and nothing that stands in them may be shown (`--no-values`): `rows` is empty.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the database is not what the contract says.

    Attributes:
        message: Lower case, names the object, no period at the end.
        expected: What the contract says, as text; None where there is no such side.
        observed: What the database has, as text; None where there is nothing.
        object: The canonical name of the object that is wrong; the outcome's subject when None.
        hint: A sentence that says what to look at or what was perhaps meant.
        repair: SQL that would mend it, in order; empty where none can be derived.
        fingerprint: 16 hexadecimal digits that stay the same from run to run; the runner fills it in where the
            check did not, which must where several properties of one object may all be expected to be the same.
        since: Since when it is there, where a history is kept that tells.
        examples: Rows that are wrong, where it is about rows and some were asked for.
    """

    message: str
    expected: str | None = None
    observed: str | None = None
    object: str | None = None
    hint: str | None = None
    repair: tuple[Repair, ...] = ()
    fingerprint: str = ""
    since: Since | None = None
    examples: Examples | None = None

    def identified(self, kind: str, subject: str) -> Finding:
        """The finding with its object and fingerprint filled in.

        What was observed is left out of the fingerprint: a problem is the same problem while it gets worse.
        """
        target = self.object or subject
        said = self.expected if self.expected is not None else self.message
        return replace(self, object=target, fingerprint=self.fingerprint or fingerprint(kind, subject, target, said))


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that does not count for now, and what the ignore says that put it aside.

    Attributes:
        message: The finding's.
        object: The finding's.
        fingerprint: The finding's.
        because: Why it is ignored.
        until: The last day on which it is, in UTC; None for ever.
    """

    message: str
    object: str | None
    fingerprint: str
    because: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a contract says something: its `file`, from the working folder if in there, `line` and `column` from 1."""

    file: str
    line: int = 1
    column: int = 1


def fingerprint(*parts: str) -> str:
    """16 hexadecimal digits that are the same for the same parts."""
    return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:16]
