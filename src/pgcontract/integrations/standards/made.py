"""What the rules of other standards come to, before it is made: a class of expectations, and the fields of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.tables import RelationExists, TableExists
from pgcontract.expectations.views import ViewExists

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation

Made: TypeAlias = tuple[Any, tuple[Any, ...], dict[str, Any]]
"""A class of expectations, and the fields of one, by their place and by their names."""
EXISTS: dict[str, tuple[type[Expectation], dict[str, Any]]] = {
    "table": (TableExists, {}),
    "view": (ViewExists, {}),
    "materialized view": (ViewExists, {"materialized": True}),
    "foreign table": (ForeignTableExists, {}),
    "": (RelationExists, {}),
}
"""By the kind of a relation, that it is there; under the empty text, that one of whatever kind is."""
