"""Foreign data wrappers, as pg_foreign_data_wrapper has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.foreign_servers import readable
from pgcontract.catalog.privileges import grants_of
from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.privileges import Grant


@dataclass(frozen=True, slots=True)
class ForeignDataWrapper:
    """A foreign data wrapper.

    Attributes:
        handler: The canonical name of the function that does its work.
        validator: The canonical name of the function that checks options.
        options: As `name=value`; the value of one that may be a secret is `(hidden)`.
    """

    name: str
    owner: str
    handler: str | None = None
    validator: str | None = None
    options: tuple[str, ...] = ()
    extension: str | None = None
    grants: tuple[Grant, ...] = ()
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> ForeignDataWrapper:
    """The record that a row of `sql/foreign_data_wrappers.sql` makes."""
    name, owner, handler_schema, handler, validator_schema, validator, options, extension, acl, comment = row
    return ForeignDataWrapper(
        name=name,
        owner=owner,
        handler=qualified(handler_schema, handler) if handler else None,
        validator=qualified(validator_schema, validator) if validator else None,
        options=readable(options),
        extension=extension,
        grants=grants_of(tuple(acl)),
        comment=comment,
    )
