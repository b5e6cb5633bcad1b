"""How a run looks at rows: how many examples it shows, whether it shows values at all, and how long a scan may take."""

from __future__ import annotations

from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class Scanning:
    """How rows are looked at.

    Attributes:
        examples: How many rows that break an expectation are shown of each; 0 for none.
        values: Whether anything that stands in rows may be shown. Without, there are counts only: no examples, no
            least or greatest value, and no message of the server's that may quote one.
        longest: How long the scan of one relation may take, in seconds; None for the connection's statement timeout.
        role: As which role; as whoever is connected when None. A suite's own `rows_as` goes first.
    """

    examples: int = 5
    values: bool = True
    longest: float | None = None
    role: str | None = None


AS_USUAL = Scanning()
"""A few examples, with their values."""
