"""The commands, and what becomes of the errors that reach the top."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer

from pgcontract import __version__
from pgcontract.cli.console import say
from pgcontract.cli.status import INTERRUPTED, UNCHECKED, UNREAD, UNUSABLE
from pgcontract.cli.streams import give_up, prepare, why_not_written
from pgcontract.errors import ContractError, DatabaseError, PgContractError, SetupError, without_password
from pgcontract.report.text import visible

# What typer refuses a command line with is not among its public names; click's own in older versions.
_REFUSED: type[Exception] = typer.BadParameter.__mro__[2]

GROUPS: dict[str, tuple[str, ...]] = {
    "Begin": ("demo", "init", "inventory", "profile", "import"),
    "Verify": ("check", "verify", "watch", "smoke", "serve"),
    "Without a contract": ("leaks", "matrix", "advise"),
    "Compare and mend": ("diff", "reconcile", "mutate"),
    "Runs": ("report", "history", "site"),
    "Look up, and pass on": ("explain", "schema", "export"),
}
"""The commands as the help groups and orders them; each is a function in a module of its name."""
COMMANDS = tuple(name for names in GROUPS.values() for name in names)
_NAMED_OTHERWISE = {"import": "importing"}
"""What cannot be the name of a function."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pgcontract {__version__}")
        raise typer.Exit


class _Level(StrEnum):
    debug = "debug"
    info = "info"
    warning = "warning"
    error = "error"


class _LogFormat(StrEnum):
    text = "text"
    json = "json"


def _main(
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and exit.")
    ] = False,
    log_level: Annotated[
        _Level | None, typer.Option(help="Log on standard error, from this level on.", show_default=False)
    ] = None,
    log_format: Annotated[
        _LogFormat | None, typer.Option(help="As lines of text, or of JSON; from info on.", show_default=False)
    ] = None,
) -> None:
    """Data contracts for PostgreSQL: state what the database should be, verify what it is."""
    if log_level or log_format:
        from pgcontract.cli.logs import log

        log((log_level or _Level.info).value, (log_format or _LogFormat.text).value)


def command_line(*wanted: str) -> typer.Typer:
    """The command line with these commands, or with all; the modules of no others are imported."""
    made = typer.Typer(
        name="pgcontract",
        help="Data contracts for PostgreSQL: state what the database should be, verify what it is.",
        epilog="Exit status: 0 the contract holds, 1 it is broken, 2 the contract or the command line is unusable, "
        "3 the database could not be reached or something could not be checked.",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,  # its tracebacks show local variables, passwords among them
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_main)
    for group, names in GROUPS.items():
        for name in names:
            if name in wanted or not wanted:
                function = _NAMED_OTHERWISE.get(name, name)
                command = getattr(import_module(f"pgcontract.cli.{function}"), function)
                made.command(name, rich_help_panel=group)(command)
    return made


def main() -> NoReturn:
    """Run the command line, and exit with its status."""
    prepare()
    try:
        app = command_line(*(name for name in sys.argv[1:2] if name in COMMANDS))
        status = app(standalone_mode=False)  # else typer draws a box around what it refuses, with whatever is in it
    except (ContractError, SetupError) as error:
        say(str(error), error.hint)
        sys.exit(UNUSABLE)
    except DatabaseError as error:
        say(str(error), error.hint)
        sys.exit(UNCHECKED)
    except PgContractError as error:
        say(str(error), error.hint)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as ended:  # so end typer and rich when nobody reads their help
        sys.exit(UNREAD if isinstance(ended.__context__, BrokenPipeError) else ended.code)
    except _REFUSED as refused:
        _refuse(refused)
        sys.exit(UNUSABLE)
    except Exception as error:  # noqa: BLE001 - the disk is full, or a fault of ours
        sys.exit(_fault(error))
    sys.exit(status or 0)


def _fault(error: Exception) -> int:
    """Say what should not have happened; the exit status."""
    if reason := why_not_written(error):
        give_up()
        say(reason)
        return UNUSABLE
    import traceback

    typer.echo(visible(without_password(traceback.format_exc())), err=True, nl=False)  # it may quote a URL
    say("this is a fault in pgcontract or in an extension of it; please report it")
    return UNCHECKED


def _refuse(refused: Any) -> None:
    """Say what is wrong with the command line, as everything else that is wrong is said."""
    if type(refused).__name__ == "NoArgsIsHelpError":  # the help was shown instead
        return
    text = str(refused.format_message()).strip().removesuffix(".")
    context = getattr(refused, "ctx", None)
    hint = f"See {context.command_path} --help." if context is not None else None
    say(text[:1].lower() + text[1:], hint)
