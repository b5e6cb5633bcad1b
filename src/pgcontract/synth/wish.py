"""What is asked of one value, beyond its type."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pgcontract.synth.limits import Limits

if TYPE_CHECKING:
    from pgcontract.synth.draw import Draw


def this_moment() -> datetime:
    """Now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Wish:
    """A value to be drawn.

    Attributes:
        draw: Where choices come from.
        limits: What it has to satisfy.
        marker: What a text carries if it can; empty for nothing.
        fresh: Whether no other row may have it: it is drawn from a wide range.
        level: Which side of a value is wanted where it has sides: `past`, `future`, `empty`, `full`; a wish, no more.
        guess: Which of the usual forms of texts is tried, for a check that nobody here understands; None for none.
        now: What past and future are seen from.
    """

    draw: Draw
    limits: Limits = field(default_factory=Limits)
    marker: str = ""
    fresh: bool = False
    level: str = ""
    guess: int | None = None
    now: datetime = field(default_factory=this_moment)
