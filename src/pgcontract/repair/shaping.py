"""From drafts to steps: for tables that the plan itself makes, for large ones, and for statements that stand apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.names import quote, split
from pgcontract.repair.step import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.repair.draft import Draft
    from pgcontract.verdict import Repair


@dataclass(frozen=True, slots=True)
class Shape:
    """In which form statements on large tables are wanted.

    Attributes:
        concurrently: Indexes are built outside the transaction, while writes go on.
        online: What reads all rows of a table is put off until after the transaction.
    """

    concurrently: bool = False
    online: bool = False


_NAME = r"(?:\"(?:[^\"]|\"\")+\"|[\w$]+)"
_TABLE = rf"{_NAME}\.{_NAME}"
_ON = re.compile(rf"alter table (?:if exists )?({_TABLE})|create (?:unique )?index .*? on ({_TABLE})", re.DOTALL)
_VALIDATE = re.compile(rf"alter table ({_TABLE}) validate constraint ({_NAME});")
_NOT_NULL = re.compile(rf"alter table ({_TABLE}) alter column ({_NAME}) set not null;")


def shaped(drafts: Sequence[Draft], catalog: Catalog, shape: Shape) -> tuple[Step, ...]:
    """The steps of the drafts, in their order; those that run apart come last."""
    new = {name for draft in drafts for name in draft.makes if name not in catalog.relations}
    steps = [step for draft in drafts for step in _steps(draft, new, shape)]
    steps = [_before(step, steps) for step in steps]
    first = [step for step in steps if step.first]
    inside = [step for step in steps if step.transactional]
    return (*first, *inside, *(step for step in steps if not (step.transactional or step.first)))


_LABEL = re.compile(r"alter type .+ add value if not exists (?P<label>'(?:[^']|'')*').*;")
_NOT_READ = ("create or replace function", "create or replace procedure", "comment on")
_STAYS = "before the transaction, in which it is used: Postgres wants a label committed first, and drops none"


def _before(step: Step, steps: Sequence[Step]) -> Step:
    """A label that another statement uses is added before the transaction; bodies and comments use none yet."""
    found = _LABEL.fullmatch(step.sql)
    if found is None:
        return step
    others = (each.sql for each in steps if each is not step and not each.sql.startswith(_NOT_READ))
    if not any(found["label"] in sql and not _LABEL.fullmatch(sql) for sql in others):
        return step
    return replace(step, transactional=False, first=True, note=_STAYS)


def _steps(draft: Draft, new: set[str], shape: Shape) -> Iterator[Step]:
    mends = "; ".join(draft.mends)
    fresh = any(_table(repair) in new for repair in draft.statements)
    validated = any(_VALIDATE.fullmatch(repair.sql) for repair in draft.statements)
    for repair in draft.statements:
        base = Step(repair.sql, repair.hazard, mends, guarded=draft.guarded, path=draft.path, note=draft.note)
        if fresh:
            yield from _on_new(base, validated=validated)
        elif _concurrent(repair) and shape.concurrently:
            yield replace(base, hazard="none", transactional=False)
        elif shape.online and (_VALIDATE.fullmatch(repair.sql) or _NOT_NULL.fullmatch(repair.sql)):
            yield from _later(base)
        else:
            yield _plain(base)


def _table(repair: Repair) -> str | None:
    found = _ON.search(repair.sql)
    return None if found is None else found[1] or found[2]


def _concurrent(repair: Repair) -> bool:
    return re.match(r"(create (unique )?index|reindex index) concurrently ", repair.sql) is not None


def _plain(step: Step) -> Step:
    """An index in the transaction blocks writes while it is built."""
    if " concurrently " not in step.sql:
        return step
    return replace(step, sql=step.sql.replace(" concurrently ", " ", 1), hazard="blocks writes")


def _on_new(step: Step, *, validated: bool) -> Iterator[Step]:
    """On a table that was made just before there is nothing to wait for, nor anything to be put off.

    A constraint that the contract takes unvalidated stays so: only what is validated next is so at once.
    """
    if _VALIDATE.fullmatch(step.sql):
        return
    plain = (
        replace(_plain(step), hazard="none") if step.hazard in {"blocks writes", "rewrites the table"} else _plain(step)
    )
    late = re.sub(r" not valid; end if; end", "; end if; end", plain.sql) if validated else plain.sql
    hazard = "none" if plain.hazard == "blocks writes" else plain.hazard
    yield replace(plain, sql=late, hazard=hazard)


def _later(step: Step) -> Iterator[Step]:
    """A look at all rows, after the transaction; NOT NULL by a check that is validated without blocking writes."""
    if _VALIDATE.fullmatch(step.sql):
        yield replace(step, transactional=False)
        return
    found = _NOT_NULL.fullmatch(step.sql)
    if found is None:
        return
    table, column = found[1], split(found[2])[0]
    stem = f"{split(table)[1]}_{column}".encode()[:50].decode(errors="ignore")
    name = quote(f"{stem}_not_null")
    alter = f"alter table {table}"
    parts = (
        f"{alter} drop constraint if exists {name};",
        f"{alter} add constraint {name} check ({found[2]} is not null) not valid;",
        f"{alter} validate constraint {name};",
        f"{alter} alter column {found[2]} set not null;",
        f"{alter} drop constraint if exists {name};",
    )
    for sql in parts:
        yield replace(step, sql=sql, hazard="none", transactional=False)
