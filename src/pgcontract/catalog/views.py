"""Views and materialised views: what a relation of that kind has beyond its columns and grants."""

from __future__ import annotations

from typing import Any, Literal

from pgcontract.names import qualified
from pgcontract.records import dataclass

CheckOption = Literal["LOCAL", "CASCADED"]


@dataclass(frozen=True, slots=True)
class View:
    """What a view selects, and how.

    Attributes:
        name: Its canonical qualified name; its columns, owner and grants are the relation's of that name.
        definition: Its query as Postgres deparses it, without the semicolon.
        security_invoker: Whether its tables are read with the rights, and under the policies, of whoever asks.
        security_barrier: Whether a condition of whoever asks is kept from seeing rows that the view leaves out.
        check_option: Whether rows that it would not show are refused, there and in the views beneath.
        populated: False for a materialised view that was made `WITH NO DATA` and not refreshed since.
    """

    name: str
    definition: str
    materialized: bool = False
    security_invoker: bool = False
    security_barrier: bool = False
    check_option: CheckOption | None = None
    populated: bool = True


_CHECK_OPTIONS: dict[str, CheckOption] = {"local": "LOCAL", "cascaded": "CASCADED"}


def query_of(definition: str) -> str:
    """The query, as `pg_get_viewdef` prints it, without the blanks and the semicolon about it."""
    return definition.strip().removesuffix(";")


def from_row(row: tuple[Any, ...]) -> View:
    """The record that a row of `sql/views.sql` makes."""
    schema, name, materialized, definition, invoker, barrier, check, populated = row
    check_option = _CHECK_OPTIONS.get((check or "").lower())
    return View(qualified(schema, name), query_of(definition), materialized, invoker, barrier, check_option, populated)
