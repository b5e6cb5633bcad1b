"""Rows as a Hypothesis strategy, for the property tests of whoever has the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.errors import PgContractError, install
from pgcontract.names import canonical
from pgcontract.synth.draw import HypothesisDraw
from pgcontract.synth.drawing import fill
from pgcontract.synth.failures import CannotSynthesise, NoValueError
from pgcontract.synth.filtering import Filter, undecided
from pgcontract.synth.plan import Plan, plan_of
from pgcontract.synth.wanting import Request, skeleton

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session
    from pgcontract.synth.draw import Draw


_TRIES = 5


def rows(
    table: str, catalog: Catalog, where: Mapping[str, Any] | None = None, *, session: Session | None = None
) -> SearchStrategy[dict[str, object]]:
    """Rows of one table, which satisfy its types, NOT NULL, its CHECKs, its domains and its partitions' bounds.

    A row has a value for each column but generated ones. Columns of foreign keys are NULL unless `where` gives them a
    value, since what they refer to is known to the caller alone; keys are drawn from a range so wide that two rows
    hardly ever share one. Numbers, times, texts, bytes and arrays are Python's; all else is text in Postgres's own
    form (json too), which psycopg sends as it is.

    Args:
        table: `table` (in `public`) or `schema.table`.
        catalog: What the database is: `pgcontract.snapshot(…)`.
        where: Values of columns, or strategies for them; None is NULL.
        session: Where a check can be evaluated that cannot be read here; without it, such a check ends the drawing.

    Raises:
        CannotSynthesise: When it is drawn from: no row can be made.
        MissingObjectError: There is no such table or column.
        PgContractError: Hypothesis is not installed (``pgcontract[hypothesis]``).
    """
    try:
        from hypothesis import strategies  # noqa: PLC0415 - an extra
    except ImportError:
        raise PgContractError(
            "rows() is a strategy for Hypothesis, which is not installed", hint=install("hypothesis")
        ) from None
    plan = plan_of(catalog, canonical(table, "public"))
    pinned = dict(where or {})
    for name in pinned:
        plan.relation.columns[name]  # one that is missing says so

    @strategies.composite
    def row(draw: Callable[[Any], Any]) -> dict[str, object]:
        source = HypothesisDraw(draw)
        fixed = {name: source.drawn(value) for name, value in pinned.items()}
        reason = NoValueError("nothing was tried")
        for attempt in range(_TRIES):
            try:
                return _row(catalog, plan, dict(fixed), source.again(attempt), session)
            except NoValueError as error:
                reason = error
        raise CannotSynthesise(plan.relation.name, str(reason), tuple(sorted(plan.required))) from reason

    return row()


def _row(catalog: Catalog, plan: Plan, fixed: dict[str, Any], draw: Draw, session: Session | None) -> dict[str, object]:
    _refer_to_nothing(plan, fixed)
    free = sorted(set(plan.columns) - plan.required - set(fixed))
    levels = {name: (("",), ("null",))[draw.integer(0, 1)] for name in free}
    request = Request(fixed, levels)
    found = fill(catalog, plan, skeleton(plan, request, draw), request, draw)
    if session is not None:
        return Filter(session, catalog, draw).row(plan, request, found)
    if checks := undecided(plan, found):
        names = ", ".join(check.name for check in checks)
        raise NoValueError(f"only the server can evaluate {names}; give a session, or values for its columns")
    return found


def _refer_to_nothing(plan: Plan, fixed: dict[str, Any]) -> None:
    """Foreign keys that the caller says nothing of are NULL."""
    for key in plan.foreign_keys:
        free = [name for name in key.columns if name not in fixed]
        nullable = [name for name in free if name not in plan.required]
        if free and not nullable:
            raise CannotSynthesise(plan.relation.name, f"its foreign key {key.name} must refer to a row", tuple(free))
        fixed.update(dict.fromkeys(nullable))
