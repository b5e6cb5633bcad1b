"""Notifications sent, all at once; whatever becomes of them is told and never raised."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.integrations.notify import document, services, slack
from pgcontract.integrations.notify.message import message
from pgcontract.integrations.notify.webhook import ATTEMPTS, PAUSES, NotSentError, Webhook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.integrations.notify.notification import Notification
    from pgcontract.integrations.notify.target import Target

_SPARE = 1.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a notification.

    Attributes:
        place: Where to, as it may be shown: no path, no password.
        sent: Whether it was taken.
        reason: Why not, in a few words; None where it was.
    """

    place: str
    sent: bool
    reason: str | None = None


def deliver(orders: Sequence[tuple[Target, Notification]]) -> list[Delivery]:
    """Send to each target its notification, and say what became of each, in their order."""
    errands = [_Errand(target, notification) for target, notification in orders]
    for errand in errands:
        errand.start()
    return [errand.ended() for errand in errands]


class _Errand:
    """One notification under way, in a thread that nobody has to wait for."""

    def __init__(self, target: Target, notification: Notification) -> None:
        self._target, self._notification = target, notification
        self._reason: str | None = "it did not answer in time"
        self._thread = threading.Thread(target=self._run, name="pgcontract-notify", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ended(self) -> Delivery:
        """A server that sends a byte now and then, or a resolver that hangs, holds nobody up."""
        allowed = self._target.timeout * ATTEMPTS + sum(PAUSES) + _SPARE
        self._thread.join(None if self._target.way == "apprise" else allowed)  # its process has a limit of its own
        reason = self._reason
        return Delivery(self._target.place, reason is None, reason)

    def _run(self) -> None:
        try:
            self._send()
        except NotSentError as error:
            self._reason = str(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours costs no verdict; its message may hold an address
            self._reason = f"{type(error).__name__} in pgcontract"
        else:
            self._reason = None

    def _send(self) -> None:
        target = self._target
        if target.way == "webhook":
            Webhook(target, document.to_json(self._notification)).send()
        elif target.way == "slack":
            Webhook(target, slack.to_json(message(self._notification))).send()
        else:
            services.send(target, message(self._notification))
