"""A plan as a file of migrations: for Supabase's command line, or for Alembic."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pgcontract.errors import ContractError
from pgcontract.repair.plan import Plan
from pgcontract.repair.script import SETTINGS, script, search_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from pgcontract.repair.step import Step
    from pgcontract.verdict import Hazard

_STAMP = "%Y%m%d%H%M%S"
_STAMPED = re.compile(r"(\d{14})_.*\.sql")


def supabase(plan: Plan, folder: Path, *, title: str, allow: Collection[Hazard] = ()) -> list[Path]:
    """Write `<YYYYMMDDHHMMSS>_reconcile.sql`, later than all that are there, and give the files that were written.

    What cannot run in a transaction is a file of its own each, for the runner puts every file into one; and what must
    be committed before is one, too.

    Raises:
        ContractError: There is no such folder, or it cannot be written.
    """
    if not folder.is_dir():
        raise ContractError(f"there is no folder of migrations {str(folder)!r}", hint="Make it: supabase/migrations.")
    stamps = [found[1] for path in folder.iterdir() if (found := _STAMPED.fullmatch(path.name))]
    now = datetime.now(UTC)
    latest = max(filter(None, map(_moment, stamps)), default=now - timedelta(seconds=1))
    begin = max(now, latest + timedelta(seconds=1))
    before = [("reconcile_before", Plan(tuple(plan.first)))] if plan.first else []
    apart = [(f"reconcile_apart_{number}", Plan((step,))) for number, step in enumerate(plan.apart, 1)]
    plans = [*before, ("reconcile", Plan(tuple(plan.inside), plan.unresolved)), *apart]
    written = []
    for number, (ending, each) in enumerate(plans):
        path = folder / f"{begin + timedelta(seconds=number):{_STAMP}}_{ending}.sql"
        _write(path, script(each, title=title, allow=allow, transaction=False))
        written.append(path)
    return written


def _moment(stamp: str) -> datetime | None:
    """Some number their migrations otherwise, with fourteen digits that are no time."""
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ContractError(f"{path} cannot be written: {error.strerror}") from None


def alembic(plan: Plan, folder: Path, *, title: str, allow: Collection[Hazard] = ()) -> Path:
    """Write an Alembic revision after the one head of the versions in the folder, and give its file.

    The revisions that are there are read, not run.

    Args:
        plan: What is to be done.
        folder: The folder of versions, or the one that holds `versions`.
        title: What the revision's docstring says.
        allow: The hazards that are allowed.

    Raises:
        ContractError: There is no such folder, a revision cannot be read, there are several heads, or the file cannot
            be written.
    """
    versions = folder / "versions" if (folder / "versions").is_dir() else folder
    if not versions.is_dir():
        raise ContractError(f"there is no folder of Alembic's versions {str(folder)!r}")
    down = _head(versions)
    revision = uuid4().hex[:12]
    path = versions / f"{revision}_reconcile.py"
    _write(path, _revision(plan, revision, down, title, frozenset(allow)))
    return path


def _head(versions: Path) -> str | None:
    """The revision that none comes after; None where there is no revision.

    Raises:
        ContractError: There are several, or a file cannot be read.
    """
    after: dict[str, set[str]] = {}
    for path in sorted(versions.rglob("*.py")):
        try:
            names = dict(_assigned(ast.parse(path.read_text(encoding="utf-8"))))
        except (OSError, SyntaxError, ValueError) as error:
            raise ContractError(f"{path} cannot be read: {error}") from None
        revision, down = names.get("revision"), names.get("down_revision")
        if isinstance(revision, str):
            after[revision] = {down} if isinstance(down, str) else set(down or ())
    heads = sorted(set(after) - set().union(*after.values()))
    if len(heads) > 1:
        raise ContractError(
            f"there are several heads in {versions}: {', '.join(heads)}", hint="Join them first: alembic merge heads."
        )
    if after and not heads:
        raise ContractError(f"the revisions in {versions} come after each other in a ring")
    return heads[0] if heads else None


def _assigned(module: ast.Module) -> Iterator[tuple[str, Any]]:
    """The names that a module gives a literal."""
    for statement in module.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and value is not None:
            for target in targets:
                if isinstance(target, ast.Name) and target.id in {"revision", "down_revision"}:
                    yield target.id, ast.literal_eval(value)


def _revision(plan: Plan, revision: str, down: str | None, title: str, allow: frozenset[Hazard]) -> str:
    body = list(_upgrade(plan, allow)) or ["pass"]
    lines = [
        f'"""{title.replace(chr(34), chr(39)).replace(chr(92), "/")}"""',
        "",
        "from alembic import op",
        "",
        f"revision = {revision!r}",
        f"down_revision = {down!r}",
        "branch_labels = None",
        "depends_on = None",
        "",
        "",
        "def upgrade() -> None:",
        *(f"    {line}" for line in body),
        "",
        "",
        "def downgrade() -> None:",
        '    raise NotImplementedError("what a contract repaired is not undone: it would be broken again")',
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _upgrade(plan: Plan, allow: frozenset[Hazard]) -> Iterator[str]:
    inside = plan.inside
    yield from _alone(plan.first, allow)
    if any(step.allowed(allow) for step in inside):
        yield from (f"op.execute({f'set local {name} = {value}'!r})" for name, value in SETTINGS.items())
    for step in inside:
        yield from _step(step, allow)
    if inside:  # Alembic itself looks for its table of versions on the path
        yield from (f"op.execute({f'reset {name}'!r})" for name in (*SETTINGS, "search_path"))
    yield from _alone([step for step in plan.apart if step.allowed(allow)], allow)
    for each in plan.unresolved:
        yield f"# left: {' '.join(each.split())}"


def _alone(steps: Sequence[Step], allow: frozenset[Hazard]) -> Iterator[str]:
    if steps:
        yield "with op.get_context().autocommit_block():"
        for step in steps:
            yield from (f"    {line}" for line in _step(step, allow))
        yield "    op.execute('reset search_path')"


def _step(step: Step, allow: frozenset[Hazard]) -> Iterator[str]:
    runs = step.allowed(allow)
    yield f"# {' '.join(step.mends.split())}"
    if step.hazard != "none":
        yield f"# hazard: {step.hazard}" + ("" if runs else f"; not run without --allow {step.hazard!r}")
    mark = "" if runs else "# "
    scope = "local " if step.transactional else ""
    yield f"{mark}op.execute({f'set {scope}search_path = {search_path(step.path)}'!r})"
    yield f"{mark}op.execute({_escaped(step.sql)!r})"


def _escaped(sql: str) -> str:
    """SQL in which SQLAlchemy takes no `:word` for a parameter."""
    return re.sub(r"(?<![:\w]):(?=\w)", r"\\:", sql)
