"""The history of a command that makes a report: where it is, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.cli.console import note
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.integrations.settings import Settings
    from pgcontract.lifecycle.history.store import Keep, Store
    from pgcontract.lifecycle.history.story import Left
    from pgcontract.verdict import Report


@dataclass(frozen=True, slots=True)
class History:
    """Where runs are kept, or nowhere.

    Attributes:
        store: Where; None for nowhere.
        limit: Which runs stay; all when None.
    """

    store: Store | None = None
    limit: Keep | None = None

    def before(self, report: Report) -> Iterator[Report | Left] | None:
        """The runs of the report's suite and database that are kept, the newest first; None where none are."""
        return None if self.store is None else self.store.before(report)

    def keep(self, report: Report, suite: str | None = None) -> Report:
        """Keep the run, and give its report back with what the runs before it tell.

        What hinders it is said on standard error, and changes neither the report nor the exit status.

        Args:
            report: The run's.
            suite: Under which name it is kept; that of its suite when None.
        """
        if self.store is None:
            return report
        from pgcontract.lifecycle.history.keeping import keep

        kept = keep(self.store, replace(report, suite=suite or report.suite), note, self.limit)
        return replace(kept, suite=report.suite)


def history_of(place: str | None, keep: str | None, configured: Settings) -> History:
    """The history that the options or the settings name; nobody is asked yet.

    Raises:
        ContractError: It can be no place for a history, or what is to be kept is not said.
    """
    from pgcontract.errors import ContractError

    place, keep = place or configured.history, keep or configured.history_keep
    if place is None:
        if keep is not None:
            raise ContractError("--history-keep needs --history DIR, or a URL")
        return History()
    from pgcontract.cli.output import require_room
    from pgcontract.lifecycle.history.folder import Folder
    from pgcontract.lifecycle.history.store import Keep, opened

    store = opened(place)
    if isinstance(store, Folder):
        require_room("--history", store.path, made=True)
    return History(store, None if keep is None else Keep.parsed(keep))
