"""One statement of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.verdict import Hazard


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, which may be run again, and what running it may cost.

    Attributes:
        sql: The statement, with its semicolon.
        hazard: What it may cost.
        mends: The findings that it mends, as one text.
        transactional: Whether it runs in the plan's transaction; else it is run after it, by itself.
        first: Whether it is run before that, by itself: what it makes can be used only when it is committed.
        guarded: Whether it drops what is in no contract, and so runs only if its hazard is allowed, whatever that is.
        path: The schemas in which its bare names are looked up; none where it has no bare names.
        note: What whoever reads it should know besides.
    """

    sql: str
    hazard: Hazard = "none"
    mends: str = ""
    transactional: bool = True
    guarded: bool = False
    path: tuple[str, ...] = ()
    note: str = ""
    first: bool = False

    def allowed(self, hazards: frozenset[Hazard]) -> bool:
        """Whether it may run where these hazards are allowed: what destroys or guesses must be, else it runs."""
        return self.hazard in hazards or not (self.guarded or self.hazard in {"data loss", "renames"})
