"""Where a report goes: standard output in one format, and files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.cli.console import page, put
from pgcontract.errors import ContractError, PgContractError

if TYPE_CHECKING:
    from pgcontract.verdict import Report

TERMINAL = "terminal"


def check_formats(formats: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse what could not be written, before a run is made for it.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, [TERMINAL, *_renderers()])
    _pairs(formats, outputs)
    require_writable(outputs)


def require_known(formats: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a format that the command does not know.

    Raises:
        ContractError: It knows others.
    """
    from pgcontract.names import perhaps

    for format_ in formats:
        if format_ not in known:
            message = f"no format is called {format_!r}; known are {', '.join(known)}"
            raise ContractError(message, hint=perhaps(format_, known))


def require_writable(outputs: Sequence[Path]) -> None:
    """Refuse a file that cannot be written.

    Raises:
        ContractError: With the reason.
    """
    for output in outputs:
        if reason := unwritable(output):
            raise ContractError(f"{output} cannot be written: {reason}")


def unwritable(file: Path) -> str | None:
    """Why a file cannot be written, or None."""
    try:
        if file.is_dir():
            return "it is a folder"
        if not file.parent.is_dir():
            return f"there is no folder {file.parent}"
        allowed = os.access(file if file.exists() else file.parent, os.W_OK)
    except OSError as error:
        return error.strerror
    return None if allowed else "permission denied"


def deliver(report: Report, formats: Sequence[str], outputs: Sequence[Path], *, verbose: bool, quiet: bool) -> None:
    """Write the files, then standard output.

    Raises:
        PgContractError: A file cannot be written.
    """
    files, shown = _pairs(formats, outputs)
    for path, format_ in files:
        write(path, report.render(format_))
    for format_ in shown or [TERMINAL]:
        if format_ != TERMINAL:
            put(report.render(format_))
        elif not quiet or not report.passed:
            show(report, verbose=verbose)


def write(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        PgContractError: It cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PgContractError(f"{path} cannot be written: {error.strerror}") from None


def show(report: Report, *, verbose: bool = False) -> None:
    """Show the report on the terminal."""
    from pgcontract.report import terminal

    with page() as console:
        terminal.show(report, console, verbose=verbose)


def _renderers() -> list[str]:
    from importlib.metadata import entry_points

    return sorted(point.name for point in entry_points(group="pgcontract.reports"))


def _pairs(formats: Sequence[str], outputs: Sequence[Path]) -> tuple[list[tuple[Path, str]], list[str]]:
    """Each file with its format, and the formats that are left for standard output.

    A suffix that names a format decides; a file without such a suffix takes the next format that is not `terminal`.
    """
    known, left = _renderers(), list(formats)
    files = []
    for output in outputs:
        suffix = output.suffix.lstrip(".").lower()
        if suffix not in known:
            suffix = next((format_ for format_ in left if format_ != TERMINAL), "")
            if not suffix:
                raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(known)}; say --format")
            left.remove(suffix)
        files.append((output, suffix))
    return files, left
