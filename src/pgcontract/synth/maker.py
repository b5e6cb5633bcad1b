"""Rows that are made and inserted, parents first."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pgcontract.names import canonical
from pgcontract.synth.bench import Bench, Order, Parents
from pgcontract.synth.draw import Draw, RandomDraw
from pgcontract.synth.failures import CannotSynthesise
from pgcontract.synth.filtering import Filter
from pgcontract.synth.levels import levels, sides
from pgcontract.synth.making import make

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session
    from pgcontract.synth.levels import Level
    from pgcontract.synth.pins import Canary, Inserted, Pin

_MAKERS: WeakKeyDictionary[Session, int] = WeakKeyDictionary()
"""How many makers a session has had: two of them with one seed must not make the same keys."""


class Maker:
    """Makes rows on a live session, whose transaction is rolled back, as a role that row-level security does not bind.

    Rows of one maker may refer to each other: for two worlds that must not meet, take two makers.

    Args:
        session: Where they go in.
        catalog: What the tables are.
        seed: The same seed makes the same rows, if the session has had as many makers before.
        draw: Where choices come from; else random numbers of that seed.
        pin: Asked for every column of every row that `where` says nothing of.
        canary: Gives the marker that texts carry wherever their constraints allow.
        parents: Rows that foreign keys refer to, by table, wherever nothing else is said; of several, any that fits.

    Attributes:
        made: All rows that went in, by table, in their order.
    """

    def __init__(
        self,
        session: Session,
        catalog: Catalog,
        *,
        seed: int = 0,
        draw: Draw | None = None,
        pin: Pin | None = None,
        canary: Canary | None = None,
        parents: Parents | None = None,
    ) -> None:
        number = _MAKERS[session] = _MAKERS.get(session, 0) + 1
        source = draw or RandomDraw(Random(f"{seed} {number}"))  # noqa: S311 - no secret
        self._seed = seed
        self._bench = Bench(
            session, catalog, source, Filter(session, catalog, source), self._make, pin, canary, _named(parents or {})
        )
        self.made = self._bench.made

    def _make(self, order: Order) -> Inserted:
        return make(self._bench, order)

    def row(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        *,
        parents: Parents | None = None,
        avoid: Mapping[str, Collection[Any]] | None = None,
    ) -> Inserted:
        """Make one row, and whatever it refers to; nullable columns get values.

        Args:
            table: `table` (in `public`) or `schema.table`.
            where: Values of columns, or Hypothesis strategies for them; None is NULL.
            parents: Rows to refer to, by table, for this row and those made for it; a sequence to choose from.
            avoid: Values that columns may not get.

        Raises:
            CannotSynthesise: No row goes in; it says why, and what to pin.
            MissingObjectError: There is no such table or column.
        """
        return self._ordered(table, where, parents, avoid, {})

    def rows(
        self,
        table: str,
        n: int,
        where: Mapping[str, Any] | None = None,
        *,
        parents: Parents | None = None,
        avoid: Mapping[str, Collection[Any]] | None = None,
    ) -> list[Inserted]:
        """Make several rows that differ: see `levels.py` for what they cover.

        Fewer than `n` come back where keys leave no room for more.

        Raises:
            CannotSynthesise: Not even one goes in.
            MissingObjectError: There is no such table or column.
        """
        plan = self._bench.plan(canonical(table, "public"))
        every = sides(plan)
        found: list[Inserted] = []
        for index in range(n):
            for wanted in (levels(plan, every, self._seed, index), {}):
                try:
                    found.append(self._ordered(table, where, parents, avoid, wanted))
                except CannotSynthesise:
                    if not found and not wanted and index == n - 1:
                        raise
                else:
                    break
        return found

    def _ordered(
        self,
        table: str,
        where: Mapping[str, Any] | None,
        parents: Parents | None,
        avoid: Mapping[str, Collection[Any]] | None,
        wanted: Mapping[str, Level],
    ) -> Inserted:
        order = Order(canonical(table, "public"), where or {}, _named(parents or {}), avoid or {}, wanted)
        return make(self._bench, order)


def _named(parents: Parents) -> Parents:
    return {canonical(table, "public"): rows for table, rows in parents.items()}
