"""Where a report goes: standard output in one format, and files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import typer
from rich.console import Console

from pgcontract.errors import ContractError, PgContractError
from pgcontract.names import perhaps
from pgcontract.report import terminal
from pgcontract.verdict import Report

TERMINAL = "terminal"


def check_formats(formats: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse what could not be written, before a run is made for it.

    Raises:
        ContractError: A format is unknown, or a file's folder is not there.
    """
    known = _known()
    for format_ in formats:
        if format_ not in known:
            raise ContractError(
                f"no report format is called {format_!r}; known are {', '.join(known)}", hint=perhaps(format_, known)
            )
    for output in outputs:
        if not output.parent.is_dir():
            raise ContractError(f"{output} cannot be written: there is no folder {output.parent}")
    _pairs(formats, outputs)


def deliver(report: Report, formats: Sequence[str], outputs: Sequence[Path], *, verbose: bool, quiet: bool) -> None:
    """Write the files, then standard output.

    Raises:
        PgContractError: A file cannot be written.
    """
    files, shown = _pairs(formats, outputs)
    for path, format_ in files:
        try:
            path.write_text(report.render(format_), encoding="utf-8")
        except OSError as error:
            raise PgContractError(f"{path} cannot be written: {error.strerror}") from None
    for format_ in shown or [TERMINAL]:
        if format_ != TERMINAL:
            typer.echo(report.render(format_), nl=False)
        elif not quiet or not report.passed:
            terminal.show(report, Console(highlight=False), verbose=verbose)


def _known() -> list[str]:
    return [TERMINAL, *sorted(point.name for point in entry_points(group="pgcontract.reports"))]


def _pairs(formats: Sequence[str], outputs: Sequence[Path]) -> tuple[list[tuple[Path, str]], list[str]]:
    """Each file with its format, and the formats that are left for standard output.

    A suffix that names a format decides; a file without such a suffix takes the next format.
    """
    known, left = _known(), list(formats)
    files = []
    for output in outputs:
        suffix = output.suffix.lstrip(".")
        if suffix not in known and not left:
            raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(known)}; say --format")
        files.append((output, suffix if suffix in known else left.pop(0)))
    return files, left
