"""What rules on functions have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.functions import Function, FunctionKind

ROUTINE: Mapping[FunctionKind, str] = {
    "function": "function",
    "procedure": "procedure",
    "aggregate": "function",
    "window": "function",
}
"""What GRANT and REVOKE call each kind."""

_NEVER = frozenset({"trigger", "event_trigger"})


def callable_directly(function: Function) -> bool:
    """Whether a query can call it: what returns a trigger is run by one, whoever has EXECUTE."""
    return function.returns not in _NEVER
