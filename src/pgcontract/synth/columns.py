"""Values for one column by itself, where rows are to agree on something before any of them is made."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from pgcontract.synth.draw import RandomDraw
from pgcontract.synth.drawing import fill
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.filtering import Filter
from pgcontract.synth.plan import plan_of
from pgcontract.synth.wanting import Request, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session

_TRIES = 24


def values_of(session: Session, catalog: Catalog, table: str, column: str, seed: int) -> Iterator[Any]:
    """Values that a column can hold, as far as its table's own checks go; foreign keys are not looked at.

    Args:
        session: Where checks are evaluated that cannot be read here; nothing is written.
        catalog: What the table is.
        table: Its canonical name.
        column: The column's name.
        seed: The same seed gives the same values.

    Raises:
        MissingObjectError: There is no such table or column.
    """
    plan = plan_of(catalog, table)
    plan.relation.columns[column]  # one that is missing says so
    source = RandomDraw(Random(f"{seed} {table} {column}"))  # noqa: S311 - no secret
    chosen = Filter(session, catalog, source)
    found: list[Any] = []
    for attempt in range(_TRIES):
        draw = source.again(attempt)
        request = Request({}, {column: ("",)}, {column: found})
        try:
            row = fill(catalog, plan, skeleton(plan, request, draw), request, draw)
            value = chosen.row(plan, request, row)[column]
        except NoValueError:
            continue
        if value is not None and value not in found:
            found.append(value)
            yield value
