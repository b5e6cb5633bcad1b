"""Rows as a Hypothesis strategy, for the property tests of whoever has the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.names import canonical
from pgcontract.synth.draw import HypothesisDraw
from pgcontract.synth.drawing import Request, fill, skeleton
from pgcontract.synth.failures import CannotSynthesise, NoValueError
from pgcontract.synth.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from pgcontract.catalog.catalog import Catalog


def rows(table: str, catalog: Catalog, where: Mapping[str, Any] | None = None) -> SearchStrategy[dict[str, object]]:
    """Rows of one table: a value for each column that takes one, by the column's name.

    Args:
        table: `table` (in `public`) or `schema.table`.
        catalog: What the database is: `pgcontract.snapshot(…)`.
        where: Values of columns, or strategies for them.

    Raises:
        CannotSynthesise: When it is drawn from: no row can be made.
        MissingObjectError: There is no such table or column.
    """
    from hypothesis import strategies  # noqa: PLC0415 - `import pgcontract` does not load Hypothesis

    plan = plan_of(catalog, canonical(table, "public"))
    pinned = dict(where or {})
    for name in pinned:
        plan.relation.columns[name]

    @strategies.composite
    def one(draw: Callable[[Any], Any]) -> dict[str, object]:
        source = HypothesisDraw(draw)
        request = Request({name: source.drawn(value) for name, value in pinned.items()})
        try:
            return fill(catalog, plan, skeleton(plan, request, source), request, source)
        except NoValueError as error:
            raise CannotSynthesise(plan.relation.name, str(error)) from error

    return one()
