"""Where a report goes: standard output in one format, and files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract import formats as registry
from pgcontract.cli.console import page, put
from pgcontract.errors import ContractError, PgContractError

if TYPE_CHECKING:
    from pgcontract.verdict import Report

TERMINAL = "terminal"


def check_formats(formats: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse what could not be written, before a run is made for it.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
        PgContractError: The package that offers a format is broken.
    """
    if not formats and not outputs:
        return  # all that is installed is looked through for formats
    known = registry.formats()
    require_known(formats, [TERMINAL, *known])
    files, shown = _pairs(formats, outputs)
    require_writable(outputs)
    for format_ in {*shown, *(format_ for _, format_ in files)} - {TERMINAL}:
        known[format_].loaded()


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


def require_room(option: str, folder: Path, *, made: bool = False) -> None:
    """Refuse a folder in which no file can be made.

    Args:
        option: Which option named it.
        folder: The folder.
        made: Whether it is made where it is not there, with those above it.

    Raises:
        ContractError: With the reason.
    """
    if reason := _without_room(folder, made=made):
        raise ContractError(f"{option} {folder} cannot be written to: {reason}")


def _without_room(folder: Path, *, made: bool) -> str | None:
    try:
        there = folder
        while made and not there.exists() and there != there.parent:
            there = there.parent
        if not there.is_dir():
            return f"{there} is a file" if there.exists() else "there is no such folder"
        allowed = os.access(there, os.W_OK | os.X_OK)
    except OSError as error:
        return error.strerror
    return None if allowed else "permission denied"


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
    """Write the files, then standard output; what one of them hinders does not hinder the others.

    Raises:
        PgContractError: A file cannot be written, or a format's renderer fails.
    """
    files, shown = _pairs(formats, outputs)
    parts: list[Callable[[], None]] = [partial(_save, report, path, format_) for path, format_ in files]
    for format_ in shown or [TERMINAL]:
        if format_ != TERMINAL:
            parts.append(partial(_put, report, format_))
        elif not quiet or not report.passed:
            parts.append(partial(show, report, verbose=verbose, quiet=quiet))
    errors: list[PgContractError] = []
    for part in parts:
        try:
            part()
        except PgContractError as error:
            errors.append(error)
    if errors:
        raise PgContractError("\n".join(map(str, errors)), hint=errors[0].hint)


def save_all(report: Report, outputs: Sequence[Path]) -> None:
    """Write the files, each in the format of its suffix.

    Raises:
        PgContractError: A file cannot be written, or a format's renderer fails.
    """
    for path, format_ in _pairs([], outputs)[0]:
        _save(report, path, format_)


def _save(report: Report, path: Path, format_: str) -> None:
    write(path, report.render(format_))


def _put(report: Report, format_: str) -> None:
    put(report.render(format_))


def write(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        PgContractError: It cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise PgContractError(f"{path} cannot be written: {error.strerror}") from None


def show(report: Report, *, verbose: bool = False, quiet: bool = False) -> None:
    """Show the report on the terminal; quiet about what was skipped or ignored, where that is asked for."""
    from pgcontract.report import terminal

    with page() as console:
        terminal.show(report, console, verbose=verbose, quiet=quiet)


def _pairs(formats: Sequence[str], outputs: Sequence[Path]) -> tuple[list[tuple[Path, str]], list[str]]:
    """Each file with its format, and the formats that are left for standard output.

    A suffix that stands for a format decides, unless a `--format` is of another that has it, too (`gitlab` of `.json`),
    and no file's name says that one; a file without such a suffix takes the next format that is not `terminal`.
    """
    left = list(formats)
    files = []
    known = registry.formats()
    named = {meant.name for output in outputs if (meant := registry.of_file(output)) and meant.name != meant.suffix}
    for output in outputs:
        meant = registry.of_file(output)
        taken = named if meant is not None else ()
        format_ = _taking(meant, [known[each] for each in left if each != TERMINAL and each not in taken])
        if format_ is not None:
            _require_no_other(output, format_, outputs)
            left.remove(format_.name)
        elif meant is not None:
            format_ = meant
        else:
            raise ContractError(
                f"{output}: which format? Its suffix is none of {', '.join(registry.suffixes())}; say --format"
            )
        files.append((output, format_.name))
    return files, left


def _taking(meant: registry.Format | None, formats: Sequence[registry.Format]) -> registry.Format | None:
    """The format of a `--format` that a file takes: any for a suffix that says nothing, else another of that suffix."""
    if meant is None:
        return next(iter(formats), None)
    if meant.name != meant.suffix:
        return None  # the file's name says it, or there is no other of that suffix
    return next((each for each in formats if each.suffix == meant.suffix and each.name != meant.name), None)


def _require_no_other(output: Path, format_: registry.Format, outputs: Sequence[Path]) -> None:
    """Refuse two files that a format may be meant for, since the options' order is not known."""
    others = [each for each in outputs if each != output and registry.of_file(each) == registry.of_file(output)]
    if registry.of_file(output) is not None and others:
        raise ContractError(
            f"which of {output} and {others[0]} is to be {format_.name}?",
            hint=f"Call that one so that its name says it, such as report.{format_.name}.{format_.suffix}, "
            f"without --format {format_.name}.",
        )
