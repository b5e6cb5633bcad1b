"""What the library logs, on standard error, for whoever asks for it before the command."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from pgcontract.report.text import line

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Handler(logging.StreamHandler[Any]):
    """Writes to standard error."""


def log(level: str, format_: str) -> None:
    """Show what is logged from now on.

    Args:
        level: From which level on: `debug`, `info`, `warning` or `error`.
        format_: `text`, a line each; `json`, an object in a line each.
    """
    handler = Handler()
    handler.setFormatter(Json() if format_ == "json" else Text())
    logger = logging.getLogger("pgcontract")
    logger.handlers = [each for each in logger.handlers if not isinstance(each, Handler)]
    logger.addHandler(handler)
    logger.setLevel(level.upper())


def shown() -> bool:
    """Whether anything is."""
    return any(isinstance(handler, Handler) for handler in logging.getLogger("pgcontract").handlers)


class Text(logging.Formatter):
    """A line that a terminal obeys nothing in."""

    def format(self, record: logging.LogRecord) -> str:
        """Such as ``2026-11-23T08:00:00+00:00 INFO pgcontract.run: billing holds on app``."""
        return line(f"{_moment(record)} {record.levelname} {record.name}: {record.getMessage()}")


class Json(logging.Formatter):
    """An object, with what the record carries beside its message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record, in ASCII."""
        about = {key: value for key, value in vars(record).items() if key not in _PLAIN}
        said = {"time": _moment(record), "level": record.levelname, "logger": record.name}
        return json.dumps(said | {"message": record.getMessage()} | about, default=str)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
