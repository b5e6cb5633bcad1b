"""What docs/notifications.md shows is so."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]

from pgcontract.integrations.notify import ONS, Target, Trouble, document, entries, of_report, webhook
from pgcontract.integrations.notify.change import Change
from pgcontract.integrations.notify.message import message
from pgcontract.verdict import Database, Outcome, Report

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "notifications.md").read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_message_is_as_shown() -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    kind, message_ = "ColumnType", "type of public.invoices.amount is numeric(10,2), not numeric(12,2)"
    new = Trouble("1", kind, "public.invoices.amount", "public.invoices.amount", message_, since=now, runs=1)
    since = now - timedelta(days=2, hours=2)
    said = "public.orders has no primary key"
    old = Trouble("2", "PrimaryKey", "public.orders", "public.orders", said, since=since, runs=5)
    outcomes = (*(Outcome("A", "a", "failed") for _ in range(2)), *(Outcome("A", "a", "passed") for _ in range(211)))
    report = Report("billing", Database("app", "18.6", "db.example.com"), now, 1.0, outcomes)
    shown = message(of_report(report, Change("broken", (new, old)), None))
    assert f"{shown.title}\n\n{shown.text()}" == fences("text")[0]


def test_the_settings_are_settings() -> None:
    listed = tomllib.loads(fences("toml")[0])["notify"]
    targets = entries(listed)
    assert [target.url for target in targets] == ["env:SLACK_URL", "env:ON_CALL_URL", "env:HOOK_URL"]
    keys = re.findall(r"^\| `(\w+)` \|", PAGE[PAGE.index("| key | |") :], re.MULTILINE)
    assert set(keys) == set(Target.__dataclass_fields__) - {"source"}
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE[: PAGE.index("## To whom")], re.MULTILINE)) - {"on"} == set(ONS)


def test_the_body_is_what_the_schema_says() -> None:
    shown = json.loads(fences("json")[0])
    jsonschema.Draft202012Validator(json.loads(document.SCHEMA.read_text("utf-8"))).validate(shown)


def test_the_signature_is_checked_as_shown() -> None:
    names: dict[str, Any] = {}
    exec(compile(fences("python")[0], "docs", "exec"), names)  # noqa: S102 - our own text
    is_ours: Callable[[dict[str, str], bytes, str], bool] = names["is_ours"]
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": "1700000000"}
    headers["Webhook-Signature"] = webhook.signature(secret, "msg_1", "1700000000", b"{}")
    assert is_ours(headers, b"{}", secret)
    assert not is_ours(headers, b"{ }", secret)
