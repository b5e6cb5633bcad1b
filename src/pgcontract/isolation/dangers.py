"""Functions that a search leaves alone: what they do a rollback does not undo, or they only wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effects import effects_of
from pgcontract.catalog.uses import uses

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function


def dangerous(catalog: Catalog, function: Function) -> str | None:
    """Why a function had better not be called, as a sentence without its subject's name; None where it may be."""
    reason = effects_of(catalog).of_function(function.signature).outside
    if reason is not None:
        return f"it {reason}"
    waits = any(name[-1].startswith("pg_sleep") for name in uses(function.source or "").calls)
    return "it waits with pg_sleep" if waits else None
