"""Schemas, as pg_namespace has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.catalog.privileges import Grant


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema that is not one of the system's."""

    name: str
    owner: str
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None
