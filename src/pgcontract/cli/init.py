"""`pgcontract init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli.console import doing, tell

if TYPE_CHECKING:
    from pgcontract.integrations.starting import File, Plan
    from pgcontract.integrations.starting.files import Fate

_DONE: dict[Fate, str] = {"write": "wrote", "overwrite": "wrote", "same": "the same", "keep": "kept"}
_WOULD: dict[Fate, str] = {"write": "would write", "overwrite": "would overwrite", "same": "the same", "keep": "kept"}


def init(
    *,
    db: Annotated[
        str | None,
        typer.Option(help="The database that the contract is to be of; else the migrations are run on a private one."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What the contract is called; else as the folder is.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
) -> None:
    """Start with a contract: write it, its configuration and its pipeline, for the project in this folder."""
    from pgcontract.integrations.starting import fates_of, find, plan, write_all

    project = find(Path())
    with doing("reading the database" if db else "looking at the project"):
        planned = plan(project, db=db, name=name, force=force)
    fates = fates_of(planned.files, force=force) if dry_run else write_all(planned.files, force=force)
    tell("\n".join(_lines(project.words, planned, fates, dry_run=dry_run)))


def _lines(found: str, planned: Plan, fates: list[Fate], *, dry_run: bool) -> list[str]:
    from pgcontract.integrations.starting.files import CHANGES

    words = _WOULD if dry_run else _DONE
    width = max(len(words[fate]) for fate in fates)
    lines = [found[:1].upper() + found[1:] + "."]
    for file, fate in zip(planned.files, fates, strict=True):
        lines.append(f"{words[fate]:{width}}  {file.name}  ({_why(file, fate)})")
        if dry_run and fate in CHANGES:
            lines += [f"  | {line}".rstrip() for line in (file.text or "").splitlines()]
    lines += [*planned.remarks, "Next:", *(f"  {command}" for command in planned.commands)]
    return lines


def _why(file: File, fate: Fate) -> str:
    if file.elsewhere:
        return f"{file.what}; a link leads out of the project, and is not followed"
    if fate == "keep":
        return f"{file.what}; it is there, and stays" + ("; --force overwrites it" if file.text is not None else "")
    return file.what
