"""`pgcontract reconcile`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.console import doing, note, put, tell
from pgcontract.cli.database import EMBEDDED, meant, opened
from pgcontract.cli.output import require_room, require_writable, write
from pgcontract.cli.searching import several
from pgcontract.cli.status import BROKEN, HOLDS
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pgcontract.contract.suite import Suite
    from pgcontract.repair.applied import Applied
    from pgcontract.repair.plan import Plan
    from pgcontract.repair.step import Step
    from pgcontract.run.target import Timeouts
    from pgcontract.verdict import Hazard


_SHOWN = 120
Source = Annotated[
    str | None,
    typer.Argument(
        metavar="CONTRACT",
        help="A contract; or what a contract is taken from: a URL, a saved catalog, `migrations:DIR`, `alembic:INI`, "
        "a .sql file.",
        show_default=False,
    ),
]
Apply = Annotated[
    bool, typer.Option("--apply", help="Run it, in one transaction, and commit it if the contract then holds.")
]
Partial = Annotated[
    bool, typer.Option("--partial", help="With --apply: commit what could be mended, though something is left.")
]
Allow = Annotated[
    list[str] | None,
    several(
        "A hazard that may be run: 'data loss'; 'renames', which may be guessed; "
        "'blocks writes', 'changes access' for what is extra.",
        "--allow",
    ),
]
Concurrently = Annotated[
    bool, typer.Option("--concurrently", help="Build indexes after the transaction, while writes go on.")
]
Online = Annotated[
    bool, typer.Option("--online", help="Look at all rows of a table after the transaction: VALIDATE, NOT NULL.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="A file to write the script to.", show_default=False)
]
OutputDir = Annotated[
    Path | None, typer.Option("--output-dir", help="Write a migration there: supabase/migrations.", show_default=False)
]
Alembic = Annotated[
    Path | None, typer.Option("--alembic", help="Write an Alembic revision there: alembic.", show_default=False)
]
LockTimeout = Annotated[
    float, typer.Option(help="Seconds to wait for any one lock; 0 for ever.", min=0, rich_help_panel=options.LIMITS)
]


def reconcile(
    contract: Source = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    apply: Apply = False,
    partial: Partial = False,
    allow: Allow = None,
    concurrently: Concurrently = False,
    online: Online = False,
    tags: options.Tags = None,
    kinds: options.Kinds = None,
    tables: options.Tables = None,
    output: Output = None,
    output_dir: OutputDir = None,
    alembic: Alembic = None,
    lock_timeout: LockTimeout = 5,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Print, or run, the SQL that makes a database what the contract says."""
    from pgcontract.run.target import Timeouts

    hazards = _hazards(allow or [])
    _exclude(apply=apply, output=output, output_dir=output_dir, alembic=alembic)
    if partial and not apply:
        raise ContractError("--partial says what --apply commits, and there is no --apply")
    configured = settings()
    source = contract or configured.contract
    if source is None:
        raise ContractError("no contract was named", hint="pgcontract reconcile contract.yaml --db postgresql://…")
    timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout, lock=lock_timeout)
    where, first = meant(db, setup, configured)
    # What a contract of migrations is made on needs the platform; a database that is there has it.
    with _suite(source, timeouts, first) as suite, opened(where, () if _is_made(source, where) else first) as url:
        wanted = _selected(suite, tags or None, kinds or None, tables or None)
        shape = {"concurrently": concurrently, "online": online}
        if apply:
            raise typer.Exit(_applied(wanted, url, timeouts, hazards, whole=not partial, shape=shape))
        made = _planned(wanted, url, timeouts, hazards, shape)
    _deliver(made, wanted.name, hazards, output, output_dir, alembic)
    raise typer.Exit(BROKEN if made else HOLDS)


def _planned(suite: Suite, url: str, timeouts: Timeouts, allow: frozenset[Hazard], shape: dict[str, bool]) -> Plan:
    from pgcontract.repair.applying import planned

    with doing("finding out what has to be done"):
        return planned(suite, url, allow=allow, timeouts=timeouts, **shape)


def _applied(
    suite: Suite, url: str, timeouts: Timeouts, allow: frozenset[Hazard], *, whole: bool, shape: dict[str, bool]
) -> int:
    from pgcontract.repair.applying import apply
    from pgcontract.repair.draft import inner

    def say(step: Step) -> None:
        statement = " ".join(inner(step.sql).split())
        note(statement if len(statement) <= _SHOWN else f"{statement[:_SHOWN]}…")

    return _told(apply(suite, url, allow=allow, whole=whole, timeouts=timeouts, progress=say, **shape))


def _hazards(words: list[str]) -> frozenset[Hazard]:
    """The hazards that are allowed.

    Raises:
        ContractError: One is none.
    """
    from typing import get_args

    from pgcontract.verdict import Hazard

    known = [word for word in get_args(Hazard) if word != "none"]
    for word in words:
        if word not in known:
            raise ContractError(
                f"--allow {word!r} is no hazard; known are {', '.join(known)}", hint=perhaps(word, known)
            )
    return frozenset(word for word in known if word in words)


def _exclude(*, apply: bool, output: Path | None, output_dir: Path | None, alembic: Path | None) -> None:
    named = {"--apply": apply, "--output": output, "--output-dir": output_dir, "--alembic": alembic}
    given = [option for option, value in named.items() if value]
    if len(given) > 1:
        raise ContractError(f"{' and '.join(given)} exclude each other: the statements go to one place")
    if output is not None:
        require_writable([output])
    for option, folder in (("--output-dir", output_dir), ("--alembic", alembic)):
        if folder is not None:
            require_room(option, folder)


def _is_made(source: str, where: str) -> bool:
    """Whether the contract is taken from a database that is made here, and the other one is not."""
    made = source.startswith(("migrations:", "alembic:")) or source.lower().endswith(".sql")
    return made and where != EMBEDDED


@contextmanager
def _suite(source: str, timeouts: Timeouts, setup: Sequence[str]) -> Generator[Suite]:
    """The contract; of what is none, all that can be said of what it holds."""
    from pgcontract.lifecycle.inventory import inventory
    from pgcontract.lifecycle.sources import opened_source

    with opened_source(source, setup=setup, timeouts=timeouts) as found:
        if found.suite is not None:
            yield found.suite
        elif found.catalog is not None:
            yield inventory(found.catalog, name=found.name)


def _selected(suite: Suite, tags: list[str] | None, kinds: list[str] | None, tables: list[str] | None) -> Suite:
    try:
        selected = suite.select(tags=tags, kinds=kinds, tables=tables)
    except ValueError as error:
        raise ContractError(f"--table: {error}") from None
    if not len(selected):
        raise ContractError("no expectation of the contract fits what was asked for")
    return selected


def _deliver(
    plan: Plan, name: str, allow: frozenset[Hazard], output: Path | None, output_dir: Path | None, alembic: Path | None
) -> None:
    from pgcontract.repair import migrations
    from pgcontract.repair.script import script

    title = f"what makes the database as the contract {name} says"
    if not plan:
        note("nothing to do: the database is as the contract says")
    elif output_dir is not None:
        for path in migrations.supabase(plan, output_dir, title=title, allow=allow):
            put(f"{path}\n")
    elif alembic is not None:
        put(f"{migrations.alembic(plan, alembic, title=title, allow=allow)}\n")
    elif output is not None:
        write(output, script(plan, title=title, allow=allow))
    else:
        put(script(plan, title=title, allow=allow))


def _told(applied: Applied) -> int:
    """Say what became of it; the exit status."""
    number = f"{len(applied.ran)} {'statement' if len(applied.ran) == 1 else 'statements'}"
    if not applied.committed:
        but = f"but for {len(applied.kept)} that ran before it " if applied.kept else ""
        tell(f"{'rolled back, ' if applied.ran else ''}nothing {but}is changed: {applied.why}")
    else:
        nothing = "nothing was run" if applied.left else "nothing to do: the database is as the contract says"
        tell(f"{number} ran and committed" if applied.ran else nothing)
        if applied.why:
            tell(applied.why)
    for each in applied.left:  # which may well be why it was rolled back
        tell(f"left: {' '.join(each.split())}")
    return HOLDS if applied.holds else BROKEN
