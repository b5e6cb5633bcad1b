"""Which runs of a history are meant: the options that say so, and what they let through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli.searching import several
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.lifecycle.history.story import Left
    from pgcontract.verdict import Report

Suites = Annotated[list[str] | None, several("Only this suite: billing, bill*.", "--suite")]
Databases = Annotated[list[str] | None, several("Only this database: app, app_*.", "--database")]
Since = Annotated[
    str | None, typer.Option(help="Only runs since then: 2026-11-01, or 30d for 30 days.", show_default=False)
]
Last = Annotated[
    int | None, typer.Option(help="Of each suite and database only so many runs.", min=1, show_default=False)
]


def chosen(
    runs: Iterator[Report | Left],
    suites: Sequence[str] | None = None,
    databases: Sequence[str] | None = None,
    since: datetime | None = None,
) -> Iterator[Report | Left]:
    """The runs that fit, and whatever is no run."""
    from pgcontract.lifecycle.history.story import Left

    for run in runs:
        if isinstance(run, Left) or (
            any(fnmatchcase(run.suite, pattern) for pattern in suites or ["*"])
            and any(fnmatchcase(run.database.name, pattern) for pattern in databases or ["*"])
            and (since is None or run.started_at >= since)
        ):
            yield run


def moment(text: str | None) -> datetime | None:
    """A day or a moment, in UTC where it says nothing else; `30d` is so many days ago.

    Raises:
        ContractError: It is none.
    """
    if text is None:
        return None
    days = text.removesuffix("d").removeprefix("+")
    try:
        if text.endswith("d") and days.isascii() and days.isdigit():
            return datetime.now(UTC) - timedelta(days=int(days))
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ContractError(
            f"--since {text!r} is no moment", hint="Write 2026-11-01, 2026-11-01T08:00, or 30d for 30 days."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
