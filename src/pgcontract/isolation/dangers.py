"""Functions that reach outside of the transaction: what they do is not undone by a rollback, so they are not called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.relations import Relation

_OUTSIDE = re.compile(
    r"\b(?:dblink\w*|http(?:_get|_post|_put|_delete|_patch|_head)?\s*\(|net\.http_\w+|pg_read_(?:binary_)?file|pg_ls_\w*dir|"
    r"lo_(?:import|export)|pg_file_\w+|cron\.\w+|supabase_functions\.http_request|pg_terminate_backend|pg_cancel_backend|"
    r"pg_reload_conf|pg_switch_wal|pg_logical_emit_message|pg_sleep\w*|pg_create_\w*slot)"
    r"|\bcopy\b[^;]*\b(?:program|to\s+'|from\s+')",
    re.IGNORECASE,
)
_TAME = frozenset({"sql", "plpgsql"})


def danger(function: Function) -> str | None:
    """What a function reaches outside by, or None where it does not."""
    if function.language not in _TAME:
        return f"it is written in {function.language}, which can reach outside"
    found = _OUTSIDE.search(function.source or "")
    return f"it reaches outside: {found.group().strip(' (')}" if found else None


def dangerous(catalog: Catalog, function: Function) -> str | None:
    """What it reaches outside by, be it through a function that it calls."""
    own = danger(function)
    if own is not None:
        return own
    for other in catalog.functions.values():
        if (
            other.extension is None
            and other is not function
            and danger(other)
            and _calls(function.source or "", other.name)
        ):
            return f"it calls {other.name}: {danger(other)}"
    return None


def _calls(source: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name.rpartition('.')[2])}\s*\(", source) is not None


def dangerous_trigger(catalog: Catalog, relation: Relation) -> str | None:
    """What a trigger of a table reaches outside by."""
    for trigger in relation.triggers.values():
        for function in catalog.overloads.get(trigger.function, ()):
            reason = (
                dangerous(catalog, function) if function.extension is None else f"it belongs to {function.extension}"
            )
            if reason and trigger.enabled != "DISABLED":
                return f"its trigger {trigger.name} calls {function.name}: {reason}"
    return None
