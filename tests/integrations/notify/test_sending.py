"""Notifications over real sockets: what arrives, what is tried again, and what is said of what does not arrive."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract.errors import ContractError
from pgcontract.integrations.notify import Target, document, notify, sending, webhook
from pgcontract.report.json import load
from pgcontract.verdict import Finding, Outcome, Report

if TYPE_CHECKING:
    from pgcontract.integrations.notify import Delivery

Made = Callable[..., Report]
Receiver = Any

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads(document.SCHEMA.read_text("utf-8")), format_checker=jsonschema.FormatChecker()
)
SECRET = "T0psecret"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "PAUSES", (0.0, 0.0))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def sent(made: Made, *urls: str | Target) -> tuple[Delivery, ...]:
    return notify(made(1, a="F", b="P"), made(0, a="P", b="P"), urls)


def test_a_webhook_gets_the_report_in_an_envelope(made: Made, receiver: Receiver) -> None:
    runs = made(2, a="F", b="P", c="F"), [made(1, a="P", b="F", c="F"), made(0, a="P", b="F", c="P")]
    (delivery,) = notify(*runs, [Target(receiver.url(SECRET), link="https://ci.example/7")])
    assert (delivery.sent, delivery.reason) == (True, None)
    (got,) = receiver.got
    VALIDATOR.validate(got.json)
    assert (got.path, got.headers["Content-Type"]) == (f"/{SECRET}", "application/json")
    assert got.headers["User-Agent"].startswith("pgcontract/")
    told = got.json
    assert (told["event"], told["passed"], told["link"]) == ("broken", False, "https://ci.example/7")
    assert told["counts"] == {"newly_broken": 1, "broken": 2, "fixed": 1, "untold": 0}
    assert [(one["subject"], one["new"], one["runs"]) for one in told["broken"]] == [("a", True, 1), ("c", False, 2)]
    assert [(one["subject"], one["how"]) for one in told["fixed"]] == [("b", "gone")]
    assert load(json.dumps(told["report"])) == runs[0]


def test_a_report_that_is_too_long_is_left_out(made: Made, receiver: Receiver) -> None:
    for size, number in ((document.LARGEST, 1), (6_000, 200)):
        found = Finding("x" * size).identified("Check", "y" * 5_000)
        outcomes = tuple(Outcome("Check", f"c{each}", "failed", findings=(found,)) for each in range(number))
        report = replace(made(), outcomes=outcomes)
        (delivery,) = notify(report, None, [receiver.url("ok")])
        assert delivery.sent
        told = receiver.got[-1].json
        VALIDATOR.validate(told)
        assert len(receiver.got[-1].body) < document.LARGEST
        assert told["report"] is None
        assert "are sent" in told["left_out"]


def test_it_is_signed_as_standard_webhooks_says(made: Made, receiver: Receiver) -> None:
    key = b"0123456789abcdef01234567"
    secrets = {f"whsec_{base64.b64encode(key).decode()}": key, "plain": b"plain", "whsec_*": b"whsec_*"}
    for secret, bytes_ in secrets.items():
        sent(made, Target(receiver.url("ok"), secret=secret))
        got = receiver.got[-1]
        signed = f"{got.headers['Webhook-Id']}.{got.headers['Webhook-Timestamp']}.".encode() + got.body
        digest = base64.b64encode(hmac.new(bytes_, signed, hashlib.sha256).digest()).decode()
        assert got.headers["Webhook-Signature"] == f"v1,{digest}"
    sent(made, receiver.url("ok"))
    assert "Webhook-Signature" not in receiver.got[-1].headers


def test_the_published_example_of_a_signature() -> None:
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    body = b'{"test": 2432232314}'
    told = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert webhook.signature(*told) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("path", "reason", "times"),
    [
        ("status/200", None, 1),
        ("status/204", None, 1),
        ("flaky/1", None, 2),
        ("flaky/2", None, 3),
        ("flaky/9", "it answered 503 (Service Unavailable)", 3),
        ("status/500", "it answered 500 (Internal Server Error)", 3),
        ("status/429", "it answered 429 (Too Many Requests)", 3),
        ("status/404", "it answered 404 (Not Found)", 1),
        ("status/799", "it answered 799", 1),
        ("close", "the connection was closed", 3),
        ("garbage", "what it answered is no HTTP", 3),
    ],
)
def test_what_may_pass_is_tried_again(
    made: Made, receiver: Receiver, path: str, reason: str | None, times: int
) -> None:
    (delivery,) = sent(made, receiver.url(path))
    assert (delivery.sent, delivery.reason, len(receiver.got)) == (reason is None, reason, times)
    assert len({got.headers["Webhook-Id"] for got in receiver.got}) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_on_the_same_host_is_followed_with_all_there_is(
    made: Made, receiver: Receiver, status: int
) -> None:
    (delivery,) = sent(made, Target(receiver.url(f"moved/{status}?to=/there"), secret="s"))
    assert delivery.sent
    first, second = receiver.got
    assert (second.path, second.body) == ("/there", first.body)
    assert second.headers["Webhook-Signature"].startswith("v1,")


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://localhost:{port}/there", "it redirects elsewhere, which is not followed"),
        ("//localhost:{port}/there", "it redirects elsewhere, which is not followed"),
        ("http://127.0.0.1:1/there", "it redirects elsewhere, which is not followed"),
        ("http://u:p@127.0.0.1:{port}/there", "it redirects elsewhere, which is not followed"),
        ("file:///etc/passwd", "it redirects elsewhere, which is not followed"),
        ("http://[/", "it redirects elsewhere, which is not followed"),
        ("/moved/302?to=/moved/302?to=/moved/302", None),
    ],
)
def test_no_redirection_elsewhere_is_followed(made: Made, receiver: Receiver, to: str, reason: str | None) -> None:
    (delivery,) = sent(made, receiver.url("moved/307?to=" + to.format(port=receiver.port)))
    assert delivery.reason == reason if reason else not delivery.sent
    assert "/there" not in {got.path for got in receiver.got}


@pytest.mark.parametrize(
    ("url", "moved", "followed"),
    [
        ("http://h.example/a", "https://h.example/b#c", "https://h.example/b"),
        ("https://h.example/a", "https://h.example:443/b", "https://h.example:443/b"),
        ("http://h.example:8080/a", "b?c", "http://h.example:8080/b?c"),
        ("https://h.example/a", "http://h.example/b", None),
        ("http://h.example/a", "https://h.example:8443/b", None),
        ("http://h.example/a", "http://h.example.evil.example/b", None),
        ("http://h.example/a", "ftp://h.example/b", None),
    ],
)
def test_where_a_redirection_may_lead(url: str, moved: str, followed: str | None) -> None:
    if followed is not None:
        assert webhook.followed(url, moved) == followed
        return
    with pytest.raises(webhook.NotSentError, match="redirects elsewhere"):
        webhook.followed(url, moved)


def test_redirections_end(made: Made, receiver: Receiver) -> None:
    (delivery,) = sent(made, receiver.url("moved/302?to=/moved/302%3Fto=/x"))
    assert delivery.sent
    receiver.got.clear()
    (delivery,) = sent(made, receiver.url("moved/302?to="))  # to itself, without the query
    assert not delivery.sent


def test_who_hangs_or_drips_holds_nobody_up(made: Made, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ATTEMPTS": 1, "PAUSES": (), "_SPARE": 0.05}.items():
        monkeypatch.setattr(sending, name, value)
    deliveries = sent(made, *(Target(receiver.url(path), timeout=0.1) for path in ("hang", "drip")), receiver.url("ok"))
    assert [one.reason for one in deliveries] == ["it did not answer in time", "it did not answer in time", None]


def test_who_is_not_there_is_said_to_be(made: Made, receiver: Receiver) -> None:
    receiver.over.set()
    urls = ["http://127.0.0.1:1/x", f"https://127.0.0.1:{receiver.port}/x"]
    reasons = [one.reason for one in sent(made, *urls)]
    assert reasons == ["the connection was refused", "no encrypted connection could be made"]


def test_user_and_password_become_a_header(made: Made, receiver: Receiver) -> None:
    sent(made, f"http://ann:p%40ss@127.0.0.1:{receiver.port}/ok")
    (got,) = receiver.got
    assert got.headers["Authorization"] == "Basic " + base64.b64encode(b"ann:p@ss").decode()
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"


def test_slacks_form(made: Made, receiver: Receiver) -> None:
    (delivery,) = sent(made, receiver.url(f"services/{SECRET}", "slack+http"))
    assert (delivery.sent, delivery.place) == (True, f"slack+http://127.0.0.1:{receiver.port}/…")
    (got,) = receiver.got
    assert got.path == f"/services/{SECRET}"
    assert got.json["text"].startswith("❌ contract shop on app at db.example: 1 newly broken\n```\nNewly broken (1)\n")


def test_apprise_sends_what_its_services_show(
    made: Made, receiver: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    urls = [receiver.url(SECRET, "json"), receiver.url(SECRET, "mmost"), receiver.url(f"status/500/{SECRET}", "json")]
    deliveries = sent(made, *urls)
    assert [one.reason for one in deliveries] == [None, None, "the service did not take it"]
    assert SECRET not in "".join([*(one.place for one in deliveries), caplog.text, *capfd.readouterr()])
    told = [got.json for got in receiver.got if got.headers["Content-Type"] == "application/json"]
    marked = next(each for each in told if "message" in each)
    assert "- `a is wrong` (Check)" in marked["message"]
    assert (marked["title"], marked["type"]) == ("❌ contract shop on app at db.example: 1 newly broken", "failure")
    assert any("• a is wrong (Check)" in each.get("text", "") for each in told)  # Mattermost, as plain text


def test_nothing_of_an_address_is_logged(
    made: Made, receiver: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        sent(made, receiver.url(SECRET), receiver.url(f"status/500/{SECRET}"))
    assert len(receiver.got) == 4
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_a_fault_of_ours_is_told_by_its_name_alone(
    made: Made, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_notification: object) -> bytes:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(document, "to_json", broken)
    (delivery,) = sent(made, receiver.url("ok"))
    assert delivery.reason == "RuntimeError in pgcontract"


def test_who_did_not_ask_for_it_hears_nothing(made: Made, receiver: Receiver) -> None:
    assert sent(made, Target(receiver.url("ok"), on="recovery"), Target(receiver.url("ok"), suites=("other",))) == ()
    assert notify(made(1, a="P"), None, [receiver.url("ok")]) == ()
    assert receiver.got == []


def test_changes_without_a_run_before_are_refused(made: Made, receiver: Receiver) -> None:
    with pytest.raises(ContractError, match="change can only be told beside the run before"):
        notify(made(0, a="F"), None, [Target(receiver.url("ok"))])
