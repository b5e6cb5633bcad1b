"""What is raised where no row can be made."""

from __future__ import annotations

from pgcontract.errors import PgContractError


class CannotSynthesise(PgContractError):  # noqa: N818 - a reason that a report prints as it stands
    """No row could be made for a table.

    Attributes:
        table: The table's canonical name.
        reason: Why not, in lower case.
        pin: The columns that the user can give a value, so that the rest may go.
        hint: A sentence that says so.
        circular: Whether it fails because foreign keys go round in a circle.
    """

    def __init__(self, table: str, reason: str, pin: tuple[str, ...] = (), *, circular: bool = False) -> None:
        hint = f"Give values for {', '.join(pin)}." if pin else None
        super().__init__(f"no row can be made for {table}: {reason}", hint=hint)
        self.table = table
        self.reason = reason
        self.pin = pin
        self.circular = circular


class NoValueError(Exception):
    """No value satisfies what is known of a column; the message says which and why, in lower case."""


class CircleError(NoValueError):
    """A foreign key needs a row that is being made already; another attempt would not help."""
