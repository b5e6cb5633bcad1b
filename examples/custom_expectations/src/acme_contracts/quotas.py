"""A quota is one when the call after the last that it allows is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pgcontract import CannotProbe, Finding, ProbeExpectation, Refused, Sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract import Session


class RefusedAfter(ProbeExpectation):
    """{by} may call {call} {times} times, and not once more.

    The calls are made for real, as the principal that the contract declares, in a transaction that is rolled back.

    Example:
        RefusedAfter("create_project('one more')", by="free", times=3)

    Repair: correct the condition in the function.
    """

    call: Sql
    by: str = Field(description="The name of a principal of the contract, or of a role.")
    times: int = Field(ge=0, description="How often it is allowed.")

    def probe(self, session: Session) -> Iterator[Finding]:
        """Call it until it is refused, at most once more than it is allowed."""
        if not session.may_write:
            raise CannotProbe("what it calls writes; allow it with --probes rollback")
        with session.acting(session.principal(self.by)):
            for number in range(1, self.times + 2):
                try:
                    session.rows(f"select {self.call}")
                except Refused as refused:
                    if number <= self.times:
                        allowed = f"{self.times} calls"
                        yield Finding(
                            f"call {number} of {self.call} by {self.by} is refused: {refused}", allowed, str(refused)
                        )
                    return
        yield Finding(
            f"call {self.times + 1} of {self.call} by {self.by} is not refused", "an error", "it was carried out"
        )
