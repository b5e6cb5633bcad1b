"""`--notify` tells of a run after it was shown, and takes nothing from it; no address is shown anywhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.cli.notifying import Asked, notices_of
from pgcontract.integrations.notify import ONS, Target, webhook
from pgcontract.integrations.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

Run = Any
Change = Callable[[str, str], None]

SECRET = "T0psecret"
NOWHERE = "postgresql://127.0.0.1:1/x"  # where a run would end with 3
BREAK = "alter table users alter id type text"
MEND = "alter table users alter id type uuid using id::uuid"


class Hook:
    """A webhook: what it got, its status, and what it does first."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/{SECRET}"
        self.shown = f"http://127.0.0.1:{port}/…"
        self.got: list[dict[str, Any]] = []
        self.status = 200
        self.first: Callable[[], object] = lambda: None

    @property
    def events(self) -> list[str]:
        return [told["event"] for told in self.got]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Generator[Hook]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(webhook, "PAUSES", (0.0,))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.first()
            made.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Hook(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def verify(run: Run, url: str, *arguments: str) -> Any:
    return run("verify", "contract.yaml", "--db", url, *arguments)


def test_changes_are_told_and_nothing_else(run: Run, url: str, change: Change, hook: Hook) -> None:
    keeping = ("--history", "runs", "--history-keep", "1", "--notify", hook.url)
    for sql, status in (("", 0), ("", 0), (BREAK, 1), ("", 1), (MEND, 0), ("", 0)):
        if sql:
            change(url, sql)
        ended = verify(run, url, *keeping)
        assert (ended.status, ended.err) == (status, "")
    assert hook.events == ["broken", "recovered"]
    assert [one["subject"] for one in hook.got[0]["broken"]] == ["public.users.id"]
    assert hook.got[1]["broken"] == []


def test_it_comes_after_all_is_written_and_carries_the_link(
    run: Run, url: str, change: Change, hook: Hook, here: Path
) -> None:
    seen: list[bool] = []
    hook.first = lambda: seen.append((here / "report.md").exists() and len(list((here / "runs").iterdir())) == 1)
    change(url, BREAK)
    link = ("--report-url", "https://ci.example/7")
    outputs = ("-o", "report.md", "--history", "runs")
    assert verify(run, url, *outputs, "--notify", hook.url, "--notify-on", "failure", *link).status == 1
    assert seen == [True]
    assert hook.got[0]["link"] == "https://ci.example/7"
    assert hook.got[0]["report"]["outcomes"][1]["findings"][0]["since"]["runs"] == 1


def test_who_cannot_be_told_is_a_warning_and_nothing_more(
    run: Run, url: str, change: Change, hook: Hook, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    hook.status = 500
    monkeypatch.setenv("HOOK", f"{hook.url}?token={SECRET}")
    told = ("--notify", "env:HOOK", "--notify", f"http://127.0.0.1:1/{SECRET}", "--notify-on", "always")
    outputs = ("--format", "json", "-o", "report.md", "--history", "runs")
    for sql, status in (("", 0), (BREAK, 1)):
        if sql:
            change(url, sql)
        ended = verify(run, url, *told, *outputs)
        assert ended.status == status
        assert ended.lines == [
            f"warning: no notification to {hook.shown} (env:HOOK): it answered 500 (Internal Server Error)",
            "warning: no notification to http://127.0.0.1:1/…: the connection was refused",
        ]
        files = [path for path in here.rglob("*") if path.is_file()]
        assert len(files) > 2
        assert not [path for path in files if SECRET in path.read_text("utf-8", "replace")]
        assert SECRET not in ended.out
    plain = verify(run, url, "--format", "json")
    assert json.loads(ended.out)["summary"] == json.loads(plain.out)["summary"]


def test_a_file_that_cannot_be_written_does_not_hinder_it(
    run: Run, url: str, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pgcontract.cli.output.unwritable", lambda _file: None)
    ended = verify(run, url, "-o", "nowhere/report.md", "--notify", hook.url, "--notify-on", "always")
    assert (ended.status, hook.events) == (2, ["holds"])
    assert "nowhere/report.md cannot be written" in ended.err


def test_our_own_faults_show_no_address(run: Run, url: str, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("fault")

    monkeypatch.setattr("pgcontract.integrations.notify.orders", broken)
    ended = verify(run, url, "--notify", hook.url, "--notify-on", "always")
    assert "RuntimeError: fault" in ended.err
    assert SECRET not in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--notify", f"https://h.example/{SECRET}"), "https://h.example/…: change can only be told beside the run"),
        (("--notify", f"h.example/{SECRET}"), "the address is no address of a notification: it has no scheme"),
        (("--notify", "env:NOT_SET"), "env:NOT_SET is not set"),
        (("--notify-on", "always"), "--notify-on needs --notify URL"),
        (("--report-url", "https://ci.example"), "--report-url needs --notify URL"),
        (("--notify", "https://h.example", "--report-url", "x"), "the link to the report is no address"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_before_the_run(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ended = verify(run, NOWHERE, *arguments)
    assert ended.status == 2
    assert ended.lines[0].startswith(f"pgcontract: {said}")
    assert SECRET not in ended.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('notify = "https://x"', "notify must be a list of tables"),
        ('[[notify]]\nurl = "env:HOOK"\nevery = "day"', "notify 1: unknown key 'every'"),
        (f'[[notify]]\nurl = ["https://{SECRET}"]', "notify 1: url must be a text"),
        ('[[notify]]\nurl = "env:HOOK"\non = "fail"', "notify 1: on is 'fail', but must be one of"),
    ],
)
def test_settings_that_are_wrong_are_refused(run: Run, here: Path, text: str, said: str) -> None:
    (here / "pgcontract.toml").write_text(text)
    ended = verify(run, NOWHERE)
    assert ended.status == 2
    assert f"pgcontract.toml: {said}" in ended.err
    assert SECRET not in ended.err


SETTINGS = """\
[[notify]]
url = "env:HOOK"
on = "always"
severity = "warning"
tags = ["keys"]
link = "https://ci.example/7"

[[notify]]
url = "env:NOT_HERE"
on = "failure"
"""


def test_the_settings_say_whom(
    run: Run, url: str, change: Change, hook: Hook, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "pgcontract.toml").write_text(SETTINGS)
    monkeypatch.setenv("HOOK", hook.url)
    change(url, BREAK)
    ended = verify(run, url)
    assert (ended.status, ended.lines) == (1, ["no notification: env:NOT_HERE is not set"])
    assert (hook.events, hook.got[0]["link"]) == (["broken"], "https://ci.example/7")
    assert verify(run, url, "--notify", hook.url, "--notify-on", "recovery", "--history", "runs").lines == []
    assert hook.events == ["broken"]  # what the command line names is all there is


def test_a_history_that_cannot_be_read_does_not_silence_it(run: Run, url: str, change: Change, hook: Hook) -> None:
    change(url, BREAK)
    ended = verify(run, url, "--history", "postgresql://127.0.0.1:1/x", "--notify", hook.url)
    assert ended.status == 1
    assert "notifications cannot tell what changed: the history cannot be read" in ended.lines
    assert (hook.events, hook.got[0]["broken"][0]["new"]) == (["broken"], None)


def test_smoke_tells_too_and_is_compared_with_its_own_runs(run: Run, url: str, hook: Hook) -> None:
    keeping = ("--history", "runs", "--notify", hook.url)
    assert verify(run, url, *keeping, "--table", "nothing_fits").status == 2
    for on in ("always", "change"):
        assert run("smoke", "contract.yaml", "--db", url, *keeping, "--notify-on", on).status == 0
    assert [(told["suite"], told["event"]) for told in hook.got] == [("shop", "holds")]


@pytest.fixture(scope="module")
def leaky(make_template: Callable[[list[Path | str]], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("leaky") / "notes.sql"
    file.write_text("create table notes (id int primary key, owner_id uuid not null references auth.users)")
    return make_template(["supabase", file])


def test_leaks_are_told_as_they_were_found(run: Run, leaky: str, clone: Callable[[str], str], hook: Hook) -> None:
    url = clone(leaky)
    ended = run("leaks", "--db", url, "--notify", hook.url, "--format", "json")
    assert ended.status == 1
    (told,) = hook.got
    assert (told["suite"], told["event"], told["passed"], told["report"]) == ("leaks", "broken", False, None)
    assert told["database"]["name"] in url
    assert told["leaks"] == json.loads(ended.out)
    assert {one["object"] for one in told["broken"]} == {"public.notes"}
    ended = run("leaks", "--db", NOWHERE, "--notify", hook.url, "--notify-on", "change")
    assert (ended.status, "change can only be told" in ended.err) == (2, True)


def test_settings_for_changes_mean_failures_where_no_history_is_kept() -> None:
    targets = tuple(Target(f"https://{on}.example", on=on) for on in ONS)
    notices = notices_of(Asked(), Settings(notify=targets), None)
    assert [(one.place, one.on) for one in notices.targets] == [
        ("https://failure.example/…", "failure"),
        ("https://change.example/…", "failure"),
        ("https://always.example/…", "always"),
    ]
