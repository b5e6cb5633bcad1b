"""What a search for leaks found, for machines (``pgcontract.leaks/1``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
