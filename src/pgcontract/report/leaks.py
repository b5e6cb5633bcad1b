"""What a search for leaks found, for machines (``pgcontract.leaks/1``) and for the terminal."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.isolation.model import Inconclusive, Leak, Search

FORMAT = "pgcontract.leaks/1"
SCHEMA = Path(__file__).parent / "schemas" / "leaks-1.schema.json"


def document(search: Search) -> dict[str, Any]:
    """The whole as plain data, as the JSON Schema describes it."""
    return {
        "format": FORMAT,
        "leaks": [_leak(leak) for leak in search.leaks],
        "inconclusive": [_inconclusive(item) for item in search.inconclusive],
        "checked": {"relations": search.relations, "functions": search.functions, "attempts": search.attempts},
        "owners": dict(search.owners),
    }


def _leak(leak: Leak) -> dict[str, Any]:
    return {
        "relation": leak.relation,
        "command": leak.command,
        "principal": leak.role,
        "who": leak.principal,
        "tables": list(leak.tables),
        "sentence": leak.sentence,
        "reproduction": leak.reproduction,
        "blame": leak.blame,
    }


def _inconclusive(item: Inconclusive) -> dict[str, Any]:
    return {"relation": item.relation, "principal": item.principal, "reason": item.reason}


def to_json(search: Search) -> str:
    """The document as JSON, ending with a newline."""
    return json.dumps(document(search), indent=2, default=str) + "\n"


def to_text(search: Search, width: int = 100) -> str:
    """Each leak as a sentence, the script that shows it, and what is to blame; then what could not be told."""
    return "\n".join(_lines(search, width)) + "\n"


def _lines(search: Search, width: int) -> Iterator[str]:
    for leak in search.leaks:
        yield from textwrap.wrap(f"✗ {leak.sentence}", width, subsequent_indent="  ")
        yield from textwrap.wrap(f"blame: {leak.blame}", width, initial_indent="  ", subsequent_indent="    ")
        yield ""
        yield textwrap.indent(leak.reproduction, "    ")
    for item in search.inconclusive:
        about = " as ".join(filter(None, (item.relation, item.principal)))
        yield from textwrap.wrap(f"? {about}: inconclusive, {item.reason}", width, subsequent_indent="  ")
    if search.inconclusive:
        yield ""
    none = "no leak" if search.concluded else "nothing could be concluded"
    found = {0: none, 1: "1 leak"}.get(len(search.leaks), f"{len(search.leaks)} leaks")
    yield (
        f"{found}; {len(search.inconclusive)} inconclusive; tried {search.relations} relations and "
        f"{search.functions} functions with {search.attempts} attempts"
    )
