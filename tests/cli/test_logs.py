"""`--log-level` and `--log-format` show what the library logs, on standard error; results stay where they are."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.cli import logs

if TYPE_CHECKING:
    from collections.abc import Iterator

Run = Any


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    logger = logging.getLogger("pgcontract")
    handlers, level = logger.handlers[:], logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_records_as_json(run: Run, url: str) -> None:
    ended = run("--log-format", "json", "verify", "contract.yaml", "--db", url, "--format", "json")
    (told,) = map(json.loads, ended.lines)
    assert (told["level"], told["logger"], told["event"], told["passed"]) == (
        "INFO",
        "pgcontract.run",
        "run.ended",
        True,
    )
    assert told["time"].endswith("+00:00")
    assert told["outcomes"] == json.loads(ended.out)["summary"]


def test_records_as_text(run: Run, url: str) -> None:
    ended = run("--log-level", "debug", "verify", "contract.yaml", "--db", url, "--quiet")
    assert [line.partition(" ")[2] for line in ended.lines][0::2] == [
        "DEBUG pgcontract.run: verify of shop begins",
        f"INFO pgcontract.run: shop holds on {url.split('/')[3].partition('?')[0]}",
    ]
    assert run("--log-level", "warning", "verify", "contract.yaml", "--db", url, "--quiet").lines == []


def test_a_record_is_one_line_that_nothing_obeys() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines \x1b[31m\u202e", "name": "pgcontract.run"})
    assert logs.Text().format(record).endswith(r": two\nlines \x1b[31m\u202e")
    assert json.loads(logs.Json().format(record))["message"] == "two\nlines \x1b[31m\u202e"


def test_a_level_that_is_none_is_refused(run: Run) -> None:
    ended = run("--log-level", "loud", "verify")
    assert ended.status == 2
    assert "'loud' is not one of 'debug', 'info', 'warning', 'error'" in ended.err
