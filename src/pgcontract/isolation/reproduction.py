"""A leak as a script that anybody can paste into psql; it leaves nothing behind."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pgcontract.isolation.principals import script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.isolation.model import Candidate
    from pgcontract.isolation.rows import Row


def reproduction(candidate: Candidate, sentence: str, setup: Iterable[str], about: Row | None, path: str) -> str:
    """The script, for a superuser or the owner of the tables.

    Args:
        candidate: The leak.
        sentence: What it says at the top.
        setup: The statements that put the rows in.
        path: Where names without a schema are looked up.
        about: The row that it changes, if it changes one.
    """
    lines = [f"-- {line}" for line in textwrap.wrap(sentence, 100)]
    lines.append("begin;")
    if path != "public":  # extensions stand elsewhere, and so do their operators
        lines.append(f"set local search_path = {path};")
    lines += [f"{statement};" for statement in setup]
    lines.append(f"-- {candidate.principal.phrase}")
    lines += script(candidate.principal)
    lines += [f"{statement};" for statement in candidate.statements]
    if candidate.proof.kind != "sees":
        lines.append("reset role;")
        lines.append(_afterwards(candidate, about))
    lines.append("rollback;")
    return "\n".join(lines) + "\n"


def _afterwards(candidate: Candidate, about: Row | None) -> str:
    if candidate.proof.kind == "changes" and about is not None:
        return f"select * from {about.table} where {about.where};  -- what has become of it"
    return f"{candidate.proof.query.replace('select 1', 'select *', 1)};  -- what stands there now"
