"""The program that speaks to apprise, in a process of its own: what it logs, prints and waits for stays there.

It reads an order as JSON from standard input, where nobody sees the addresses in it, and answers on standard output:

    {"check": [url, …]}                                                   {"known": [true, …]}
    {"send": url, "title": …, "text": …, "markdown": …, "good": false}    {"sent": true}

It is started by its path, and imports nothing of pgcontract.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from typing import Any


def main() -> None:
    """Do what is ordered."""
    order = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
        answer = {"known": [_made(url) is not None for url in order["check"]]} if "check" in order else _sent(order)
    sys.stdout.write(json.dumps(answer))


def _made(url: str) -> Any:
    import apprise  # noqa: PLC0415 - its own output is caught, too

    asset = apprise.AppriseAsset(app_id="pgcontract", app_desc="pgcontract", app_url="", image_url_mask="")
    return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _sent(order: dict[str, Any]) -> dict[str, Any]:
    import apprise  # noqa: PLC0415

    service = _made(order["send"])
    if service is None:
        return {"sent": False}
    formats = service.notify_format
    known = formats if isinstance(formats, tuple | list) else (formats,)
    markdown = any(str(getattr(each, "value", each)) == "markdown" for each in known)
    body = order["markdown" if markdown else "text"]
    sort = apprise.NotifyType.SUCCESS if order["good"] else apprise.NotifyType.FAILURE
    form = apprise.NotifyFormat.MARKDOWN if markdown else apprise.NotifyFormat.TEXT
    sender = apprise.Apprise(service)
    fitting = _fitting(body, service, order["title"])
    return {"sent": bool(sender.notify(fitting, title=order["title"], notify_type=sort, body_format=form))}


def _fitting(body: str, service: Any, title: str) -> str:
    """The body's first lines that have room; a line is never cut, which could leave code open."""
    room = int(service.body_maxlen or 0) - len(title) - 20
    if room <= 0 or len(body) <= room:
        return body
    kept: list[str] = []
    for line in body.splitlines(keepends=True):
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return "".join(kept) + "…"


if __name__ == "__main__":
    main()
