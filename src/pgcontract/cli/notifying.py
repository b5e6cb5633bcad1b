"""The notifications of a command: to whom, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pgcontract.cli.console import note
from pgcontract.errors import ContractError, PgContractError

if TYPE_CHECKING:
    from datetime import datetime

    from pgcontract.catalog.catalog import Server
    from pgcontract.cli.keeping import History
    from pgcontract.cli.options import NotifiedOn
    from pgcontract.integrations.notify import Compared, Notification, On, Target
    from pgcontract.integrations.settings import Settings
    from pgcontract.isolation.model import Search
    from pgcontract.verdict import Report


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say of notifications; None or empty where they say nothing."""

    urls: Sequence[str] = ()
    on: On | None = None
    link: str | None = None

    @classmethod
    def of(cls, urls: Sequence[str] | None, on: NotifiedOn | None, link: str | None) -> Asked:
        """As the options come."""
        return cls(urls or (), None if on is None else on.value, link)


@dataclass(frozen=True, slots=True)
class Notices:
    """Who is told of a run: targets that were found usable before it began."""

    targets: tuple[Target, ...] = ()

    @contextmanager
    def after(self, report: Report, history: History, suite: str | None = None) -> Generator[Report]:
        """Keep a run, give its report with what the history tells, and send what there is to send after the block.

        Args:
            report: The run's.
            history: Where runs are kept.
            suite: Under which name; that of its suite when None.
        """
        compared = self._compared(replace(report, suite=suite or report.suite), history)
        kept = history.keep(report, suite)
        with _afterwards(partial(self._tell, kept, compared)):
            yield kept

    def _compared(self, report: Report, history: History) -> Compared | None:
        """The run beside those before it, which keeping it may clear away; None where nobody is to be told.

        A history that cannot be read takes no notification away: it is said, and what is wrong is told as such.
        """
        if not self.targets:
            return None
        from pgcontract.integrations.notify import Compared

        try:
            return Compared(report, history.before(report))
        except PgContractError:
            note("notifications cannot tell what changed: the history cannot be read")
            return Compared(report, None)

    def _tell(self, report: Report, compared: Compared | None) -> None:
        if compared is not None:
            from pgcontract.integrations.notify import orders

            _send(orders(report, compared, self.targets))

    @contextmanager
    def after_search(self, search: Search, server: Server, at: datetime) -> Generator[None]:
        """Send what there is to send of a search for leaks after the block."""
        with _afterwards(partial(self._tell_search, search, server, at)):
            yield

    def _tell_search(self, search: Search, server: Server, at: datetime) -> None:
        if self.targets:
            from pgcontract.integrations.notify import LEAKS, of_search
            from pgcontract.verdict import Database

            database = Database(server.name, server.version, server.host)
            told = ((target, of_search(search, database, at, target.link)) for target in self.targets)
            _send([(each, one) for each, one in told if each.about(LEAKS) and one.change.wanted(each.on)])


@contextmanager
def _afterwards(send: Callable[[], None]) -> Generator[None]:
    """A file that cannot be written hinders nothing; somebody who stops the command does."""
    try:
        yield
    except Exception:
        send()
        raise
    send()


def notices_of(asked: Asked, configured: Settings, history: History | None) -> Notices:
    """Who is to be told; nothing is sent yet.

    Args:
        asked: What the options say.
        configured: What the settings say, which counts where no option names anybody.
        history: Where runs are kept; None of a command that keeps none.

    Raises:
        ContractError: An address can be none, or somebody asks for what nobody can tell.
    """
    if not asked.urls and not configured.notify:
        if asked.on or asked.link:
            raise ContractError(f"{'--notify-on' if asked.on else '--report-url'} needs --notify URL")
        return Notices()
    from pgcontract.integrations.notify import Target, require_usable

    if asked.urls:
        usual: On = "change" if history is not None else "failure"
        wanted: Iterable[Target] = (Target(url, on=usual) for url in asked.urls)
    else:
        wanted = configured.notify if history is not None else _uncompared(configured.notify)
    told = [replace(each, on=asked.on or each.on, link=asked.link or each.link) for each in wanted]
    targets = tuple(_resolved(told, required=bool(asked.urls)))
    require_usable(targets, compared=history is not None and history.store is not None)
    return Notices(targets)


def _uncompared(targets: Iterable[Target]) -> Iterator[Target]:
    """What is configured for a command without a history: every failure may be a change, and no recovery is seen."""
    return (
        replace(each, on="failure" if each.on == "change" else each.on) for each in targets if each.on != "recovery"
    )


def _resolved(targets: Iterable[Target], *, required: bool) -> Iterator[Target]:
    """A variable that only the machine of a pipeline has leaves out what the settings say, and is said."""
    from pgcontract.integrations.notify import UnsetError

    for target in targets:
        try:
            yield target.resolved()
        except UnsetError as unset:
            if required:
                raise
            note(f"no notification: {unset}")


def _send(orders: Sequence[tuple[Target, Notification]]) -> None:
    from pgcontract.integrations.notify import deliver

    for delivery in deliver(orders):
        if not delivery.sent:
            note(f"warning: no notification to {delivery.place}: {delivery.reason}")
