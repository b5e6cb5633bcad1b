"""People and programs told of a run: webhooks, Slack and its like, and whatever else the package apprise speaks to.

from pgcontract.integrations.notify import notify

report = verify(suite, url)
notify(report, previous=load(Path("last.json").read_text()), urls=["env:SLACK_URL"])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.errors import ContractError
from pgcontract.integrations.notify.change import MOST_RUNS, Change, Compared, Event, Trouble
from pgcontract.integrations.notify.entries import entries
from pgcontract.integrations.notify.notification import LEAKS, Notification, of_report, of_search
from pgcontract.integrations.notify.sending import Delivery, deliver
from pgcontract.integrations.notify.services import require_known
from pgcontract.integrations.notify.target import COMPARING, ONS, On, Target, UnsetError
from pgcontract.verdict import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "COMPARING",
    "LEAKS",
    "MOST_RUNS",
    "ONS",
    "Change",
    "Compared",
    "Delivery",
    "Event",
    "Notification",
    "On",
    "Target",
    "Trouble",
    "UnsetError",
    "deliver",
    "entries",
    "notify",
    "of_report",
    "of_search",
    "orders",
    "require_usable",
]


def notify(
    report: Report, previous: Report | Iterable[Report] | None, urls: Iterable[str | Target]
) -> tuple[Delivery, ...]:
    """Tell the targets of a run.

    Args:
        report: The run's.
        previous: The run before it of the same suite on the same database, or those before it, the newest first; None
            where none are kept.
        urls: Addresses, or targets, which say more. What is told to an address is a change where there is a previous
            run, and a failure where there is none.

    Returns:
        What became of each notification that there was reason to send, in order. None of it is raised.

    Raises:
        ContractError: A target can be none, or asks for changes where there is no previous run; nothing was sent.
    """
    usual: On = "change" if previous is not None else "failure"
    targets = [(Target(each, on=usual) if isinstance(each, str) else each).resolved() for each in urls]
    require_usable(targets, compared=previous is not None)
    before = [previous] if isinstance(previous, Report) else previous
    return tuple(deliver(orders(report, Compared(report, before), targets)))


def require_usable(targets: Iterable[Target], *, compared: bool) -> None:
    """Refuse what could not be sent, before there is anything to send.

    Args:
        targets: Resolved ones.
        compared: Whether there are runs to compare with.

    Raises:
        ContractError: No notifier understands an address, or a target asks for what only a comparison tells.
    """
    targets = list(targets)
    for target in targets:
        if target.on in COMPARING and not compared:
            raise ContractError(
                f"{target.place}: {target.on} can only be told beside the run before, and no history is kept",
                hint="Keep one with --history DIR, or ask for failure or always.",
            )
    require_known([target for target in targets if target.way == "apprise"])


def orders(report: Report, compared: Compared, targets: Iterable[Target]) -> list[tuple[Target, Notification]]:
    """What is to be sent of a run: for each target that wants to hear of it, what it is told."""
    changes = ((target, compared.change(target)) for target in targets if target.about(report.suite))
    return [(target, of_report(report, change, target.link)) for target, change in changes if change.wanted(target.on)]
