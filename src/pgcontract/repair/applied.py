"""What became of a plan that was run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.repair.step import Step


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan.

    Attributes:
        committed: Whether the database was changed; otherwise it is as it was before.
        ran: The statements that ran, those too that were rolled back.
        left: What is not as the contract says, each as one line.
        why: Why it was rolled back; if it was committed, what went wrong apart from the transaction. None for neither.
        holds: Whether the contract holds now: what is left may be no more than a warning.
        kept: What ran before the transaction and stays although that was rolled back: labels of enums.
    """

    committed: bool
    ran: tuple[Step, ...] = ()
    left: tuple[str, ...] = ()
    why: str | None = None
    holds: bool = False
    kept: tuple[Step, ...] = ()
