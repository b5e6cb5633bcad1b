"""The services that the package apprise speaks to, more than a hundred; it works in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.errors import ContractError, install
from pgcontract.integrations.notify.webhook import NotSentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.integrations.notify.message import Message
    from pgcontract.integrations.notify.target import Target

_CHILD = Path(__file__).with_name("child.py")
_START = 20  # seconds that a slow machine may take to import it


def require_known(targets: Sequence[Target]) -> None:
    """Refuse addresses that no service has.

    Raises:
        ContractError: apprise is not installed, or does not know one of them; of that only the scheme is told.
    """
    if not targets:
        return
    if find_spec("apprise") is None:
        raise ContractError(f"{targets[0].place}: notifications by this service need apprise", hint=install("notify"))
    try:
        known = _answer({"check": [target.url for target in targets]}, _START)["known"]
    except NotSentError as error:
        raise ContractError(f"apprise cannot be used: {error}", hint=install("notify")) from None
    for target, one in zip(targets, known, strict=True):
        if not one:
            raise ContractError(
                f"{target.place}: no notifier understands this address",
                hint="https://… is a webhook, slack+https://… one of Slack's; apprise's documentation has the others.",
            )


def send(target: Target, message: Message) -> None:
    """Send a message through apprise.

    Raises:
        NotSentError: It was not taken, or not in time.
    """
    said = {"title": message.title, "text": message.text(), "markdown": message.markdown(), "good": message.good}
    order = {"send": target.url, **said}
    if not _answer(order, _START + 3 * target.timeout).get("sent"):
        raise NotSentError("the service did not take it")


def _answer(order: dict[str, Any], timeout: float) -> dict[str, Any]:
    """What the child answers. The address goes through its standard input: arguments can be seen by everybody."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-P", str(_CHILD)],
            input=json.dumps(order),
            capture_output=True,
            encoding="utf-8",
            env=environment,
            timeout=timeout,
            check=True,
        )
        answer: dict[str, Any] = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        raise NotSentError("it did not answer in time") from None
    except (OSError, subprocess.CalledProcessError, ValueError):
        raise NotSentError("it failed in a way of its own") from None
    return answer
