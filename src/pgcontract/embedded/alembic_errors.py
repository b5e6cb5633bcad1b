"""What went wrong while an Alembic project's migrations ran: where, of which revision, and what Postgres said."""

from __future__ import annotations

import os
import re
import sys
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 400
# SQLAlchemy's adapted drivers begin with the class of the driver's own error.
_CLASS = re.compile(r"^<class '[^']+'>: ")
# pydantic adds the values that it was given, which may be secrets, and a link.
_PYDANTIC = re.compile(r"\[type=\w+, input_value=.*?, input_type=\w+\]|For further information visit \S+", re.DOTALL)
_LIBRARIES = re.compile(r"[/\\](?:site-packages|dist-packages|lib[/\\]python3\.\d+)[/\\]|^<|[/\\]pgcontract[/\\]")


class ElsewhereError(Exception):
    """The migrations would not run on the database that is meant.

    Attributes:
        hint: A sentence that says what to try, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def explained(error: BaseException) -> dict[str, Any]:
    """The error as the answer to whoever ordered the upgrade."""
    if isinstance(error, ElsewhereError):
        return {"message": str(error), "hint": error.hint}
    file, line, revision = _place(error)
    message = _message(error)
    if not isinstance(error, Exception):  # SystemExit
        message = f"{type(error).__name__} {error}".strip()
    return {"message": message, "file": file, "line": line, "revision": revision, "hint": _hint(error)}


def _place(error: BaseException) -> tuple[str | None, int | None, str | None]:
    """The line of the revision that failed; else of what else is not a library's, `env.py` or the application."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno, None
    frames = [(frame.f_code.co_filename, line, frame.f_globals) for frame, line in walk_tb(error.__traceback__)]
    for file, line, names in reversed(frames):
        if "down_revision" in names and isinstance(names.get("revision"), str):
            return file, line, names["revision"]
    own = [frame for frame in frames if not _LIBRARIES.search(frame[0])]
    own = own or [frame for frame in frames if frame[0].endswith("env.py")]  # an application that is installed
    return (*own[-1][:2], None) if own else (None, None, None)


def _message(error: BaseException) -> str:
    """What Postgres said, if it did; else the error in one line."""
    for each in _behind(error):
        said = getattr(getattr(each, "diag", None), "message_primary", None)
        if said:
            detail = getattr(each.diag, "message_detail", None)  # type: ignore[attr-defined]
            return f"{said} ({detail})" if detail else str(said)
    if isinstance(error, KeyError) and _inmost(error).replace("\\", "/").endswith("alembic/script/revision.py"):
        return f"a revision refers to {error}, and there is none"
    own = next((each for each in _behind(error) if each is not error and _is_the_servers(each)), error)
    text = _CLASS.sub("", " ".join(_PYDANTIC.sub("", str(own)).split()))
    from_alembic = type(error).__module__.startswith("alembic.")
    plain = text if from_alembic or own is not error else f"{type(error).__name__}: {text}"
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The error, and those of drivers in it."""
    orig = getattr(error, "orig", None)
    yield from (each for each in (orig, error) if isinstance(each, BaseException))


def _is_the_servers(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] in {"asyncpg", "pg8000", "sqlalchemy"}


def _asks_for_settings(error: BaseException) -> bool:
    """Whether the application, or a library that reads settings, misses one: a KeyError elsewhere is another matter."""
    if isinstance(error, KeyError):
        file = _inmost(error)
        return file in {os.__file__, "<frozen os>"} or not _LIBRARIES.search(file)
    return type(error).__name__ == "ValidationError"


def _inmost(error: BaseException) -> str:
    """The file in which it was raised."""
    return next((frame.f_code.co_filename for frame, _ in reversed([*walk_tb(error.__traceback__)])), "")


def _hint(error: BaseException) -> str | None:
    if isinstance(error, ModuleNotFoundError) and error.name:
        if error.name.split(".")[0] in sys.stdlib_module_names:
            return None
        return (
            "Run this where the application is installed, from the folder in which you run alembic; "
            "prepend_sys_path = . in alembic.ini puts that folder on Python's path."
        )
    if _asks_for_settings(error):
        return (
            "Give the settings that the application asks for any value of the right form: no connection is made there."
        )
    said = _message(error)
    if "outside of application context" in said:
        return "Flask-Migrate's env.py needs the application: let it begin with app.app_context().push()."
    if re.match(r'role "[^"]*" does not exist', said) or re.match(r'schema "[^"]*" does not exist', said):
        return "What is there before the first migration is made by --setup: a file of SQL, or a platform's name."
    return None
