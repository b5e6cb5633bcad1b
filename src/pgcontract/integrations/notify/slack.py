"""A notification as an incoming webhook of Slack's takes it, and those of Mattermost and Rocket.Chat.

Slack shows the blocks, in which text is `plain_text` and so no markup, and `text` where it has room for a line only;
the others show `text`. There all that came from the database stands between fences, with Slack's three signs escaped.
(https://docs.slack.dev/messaging/formatting-message-text)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.integrations.notify.message import unmarked

if TYPE_CHECKING:
    from pgcontract.integrations.notify.message import Message

_HEADER = 150  # what Slack takes in a block of this type
_SECTION = 3_000


def to_json(message: Message) -> bytes:
    """The message as JSON, in ASCII."""
    return json.dumps(document(message)).encode("ascii")


def document(message: Message) -> dict[str, Any]:
    """The message as plain data."""
    link = f"\n<{_escaped(message.link)}|Report>" if message.link else ""
    inside = "\n".join([*(each.text() for each in message.sections), message.foot])
    text = f"{unmarked(_escaped(message.title))}\n```\n{unmarked(_escaped(inside))}\n```{link}"
    return {"text": text, "mrkdwn": True, "unfurl_links": False, "blocks": _blocks(message)}


def _blocks(message: Message) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(message.title, _HEADER)}]
    blocks += [{"type": "section", "text": _plain(each.text(), _SECTION)} for each in message.sections]
    blocks.append({"type": "context", "elements": [_plain(message.foot, _SECTION)]})
    if message.link:
        report = f"<{_escaped(message.link)}|Report>"
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": report}})
    return blocks


def _plain(text: str, longest: int) -> dict[str, Any]:
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
