"""All that is to be written for a project, and what to do when it is."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pgcontract.integrations.starting.config import configuration
from pgcontract.integrations.starting.files import File
from pgcontract.integrations.starting.pipeline import GITLAB, pipelines
from pgcontract.integrations.starting.project import below
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.integrations.starting.project import Project

_CONTRACT = "contract.yaml"
_URL = '"$DATABASE_URL"'


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written.

    Attributes:
        files: The files, in the order in which they are told.
        remarks: What somebody has to do by hand, a sentence each.
        commands: What to run next, in the project's folder.
    """

    files: tuple[File, ...]
    remarks: tuple[str, ...]
    commands: tuple[str, ...]


def plan(project: Project, *, db: str | None = None, name: str | None = None, force: bool = False) -> Plan:
    """Work out all that is to be written; nothing is written yet.

    Args:
        project: The project.
        db: The database that the contract is to be of, as `inventory` takes it; else the migrations are run.
        name: What the contract is called; else as the project's folder.
        force: Whether files that are there are written anew; the contract is else not worked out again.

    Raises:
        ContractError: The database is none, or pyproject.toml no TOML.
        DatabaseError: The database cannot be reached, or a private one not be started.
        SetupError: A migration fails.
    """
    files = [_contract(project, db, name, force=force), configuration(project.folder, _CONTRACT)]
    files += pipelines(project) if _at_top(project) else ()
    return Plan(tuple(files), tuple(_remarks(project)), tuple(_commands(project, db)))


def _contract(project: Project, db: str | None, name: str | None, *, force: bool) -> File:
    there = File(_CONTRACT, project.folder, None, "what the database should be")
    if there.elsewhere or (not force and (there.path.exists() or there.path.is_symlink())):
        return there
    from pgcontract.integrations.starting.contract import first  # noqa: PLC0415 - it takes a database

    made = first(project, db, name)
    return File(_CONTRACT, project.folder, made.text, made.what)


def _at_top(project: Project) -> bool:
    """Whether the folder is that which pipelines belong to."""
    return project.repository == project.folder.resolve()


def _remarks(project: Project) -> Iterator[str]:
    if not _at_top(project):
        yield f"No pipeline is written: it belongs to the top of the repository, {project.repository}."
    elif "gitlab" in project.forges and not _included(project):
        yield f"Add to .gitlab-ci.yml:\n  include:\n    - local: {GITLAB}"
    if project.kind == "plain":
        yield from (f"{kind} is in {where}: run `pgcontract init` there." for kind, where in below(project.folder))
    if project.kind == "Django":
        yield "Django's migrations are not run here: give a database that they have made with --db."


def _included(project: Project) -> bool:
    try:
        return GITLAB in (project.repository / ".gitlab-ci.yml").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _commands(project: Project, db: str | None) -> Iterator[str]:
    """Three, each of which works as it stands where DATABASE_URL is the database's."""
    yield "pgcontract check"
    if project.migrations is not None:
        setup = " ".join(f"--setup {shlex.quote(each)}" for each in project.setup)
        yield f"pgcontract verify --db embedded {setup}".rstrip()
        yield f"pgcontract verify --db {_URL}"
        return
    yield f"pgcontract verify --db {_URL}"
    if db is not None:
        yield f"pgcontract mutate {_CONTRACT} --db {_URL}"
    else:
        yield f"pgcontract inventory --db {_URL} --output {_CONTRACT}"
