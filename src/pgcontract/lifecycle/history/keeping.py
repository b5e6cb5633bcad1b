"""A run put into a history: dated by what is there, and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.errors import PgContractError
from pgcontract.lifecycle.history.follow import key_of
from pgcontract.lifecycle.history.past import last
from pgcontract.lifecycle.history.since import dated
from pgcontract.lifecycle.history.story import Left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.lifecycle.history.store import Keep, Store
    from pgcontract.verdict import Report


def keep(store: Store, report: Report, say: Callable[[str], object], limit: Keep | None = None) -> Report:
    """Keep a run, and give its report back with since when each finding is there, and with the runs before it.

    A history that cannot be read or written takes nothing from the verdict: it is said, and the report comes back as
    far as it is known.

    Args:
        store: Where runs are kept.
        report: The run's.
        say: Told in a line what could not be done, or was left out.
        limit: Which runs of the suite on the database stay; all when None.
    """

    def earlier() -> Iterator[Report]:
        for run in store.before(report):
            if isinstance(run, Left):
                say(f"history: {run.name} left out: {run.reason}")
            else:
                yield run

    try:
        report = dated(report, earlier())
        report = replace(report, past=last(store.past(report)))
    except PgContractError as error:
        say(f"the history cannot be read: {error}")
    try:
        store.add(report)
        if limit is not None:
            store.prune(limit, key_of(report))
    except PgContractError as error:
        say(f"this run is not in the history: {error}{f' {error.hint}' if error.hint else ''}")
    return report
