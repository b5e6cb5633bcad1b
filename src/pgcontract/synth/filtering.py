"""Candidates that the server chooses from, where a check cannot be evaluated here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.contract.session import Refused
from pgcontract.synth.drawing import fill
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.inserting import passing, spoken_of
from pgcontract.synth.wanting import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session
    from pgcontract.synth.draw import Draw
    from pgcontract.synth.plan import Check, Plan
    from pgcontract.synth.wanting import Request

_BATCH = 64
_TRIES = 6

Options: TypeAlias = "dict[str, list[dict[str, Any]]]"
"""Values that the server has let through: for each check, of the columns that it speaks of."""


def undecided(plan: Plan, row: Mapping[str, Any]) -> list[Check]:
    """The checks of which only the server knows whether the row satisfies them."""
    return [
        check for check in plan.checks if check.text and (check.node is None or evaluate(check.node, row) is UNKNOWN)
    ]


class Filter:
    """Lets the server choose among candidates; what it has let through serves again.

    Args:
        session: Where it is asked.
        catalog: What the types are.
        draw: Where choices come from.
    """

    def __init__(self, session: Session, catalog: Catalog, draw: Draw) -> None:
        self._session = session
        self._catalog = catalog
        self._draw = draw
        self._options: Options = {}

    def row(self, plan: Plan, request: Request, first: dict[str, Any]) -> dict[str, Any]:
        """A row that the server lets through: the first, if nothing is undecided, else one of many like it.

        Raises:
            NoValueError: It lets none through.
        """
        checks = undecided(plan, first)
        if not checks or all(self._passing(plan, checks, [first])[0]):
            return first
        missing = [check for check in checks if not self._fitting(plan, check, request)]
        if missing:
            self._look_for(plan, request, checks)
        for _ in range(_TRIES):
            row = self._put_together(plan, request, checks)
            if all(self._passing(plan, checks, [row])[0]):
                return row
        raise NoValueError(f"no values were found that the server lets through: {_said(checks)}")

    def _put_together(self, plan: Plan, request: Request, checks: list[Check]) -> dict[str, Any]:
        """A row with values that satisfy each check by itself."""
        fixed = dict(request.fixed)
        for check in checks:
            options = self._fitting(plan, check, replace(request, fixed=fixed))
            if not options:
                raise NoValueError(f"no values were found that the server lets through: {check.text}")
            fixed |= options[0]
            known = self._options[_key(plan, check)]
            known.remove(options[0])
            known.append(options[0])  # the next row gets others, if there are
        other = replace(request, fixed=fixed)
        return fill(self._catalog, plan, skeleton(plan, other, self._draw), other, self._draw)

    def _fitting(self, plan: Plan, check: Check, request: Request) -> list[dict[str, Any]]:
        """The values known to satisfy a check that agree with what is settled."""
        options = self._options.get(_key(plan, check), [])
        return [one for one in options if all(one[name] == request.fixed.get(name, one[name]) for name in one)]

    def _look_for(self, plan: Plan, request: Request, checks: list[Check]) -> None:
        candidates = list(self._candidates(plan, request, checks))
        if not candidates:
            return
        for passed, row in zip(self._passing(plan, checks, candidates), candidates, strict=True):
            for check, good in zip(checks, passed, strict=True):
                values = {name: row[name] for name in spoken_of(plan, check)}
                known = self._options.setdefault(_key(plan, check), [])
                if good and values not in known:
                    known.append(values)

    def _candidates(self, plan: Plan, request: Request, checks: list[Check]) -> Iterator[dict[str, Any]]:
        """Rows as the request has them, then some with usual forms of texts, then some with NULL where that may be."""
        names = {name for check in checks for name in spoken_of(plan, check)} - set(request.fixed)
        free = dict.fromkeys(names - plan.required, ("null",))
        for number in range(_BATCH):
            guess = number - _BATCH // 8 if number > _BATCH // 8 else None
            levels = {**request.levels, **free} if number % 8 == 0 else request.levels
            other, draw = replace(request, guess=guess, levels=levels), self._draw.again(number)
            try:
                yield fill(self._catalog, plan, skeleton(plan, other, draw), other, draw)
            except NoValueError:
                continue

    def _passing(self, plan: Plan, checks: list[Check], rows: list[dict[str, Any]]) -> list[list[bool]]:
        try:
            return passing(self._session, plan, checks, rows)
        except Refused:  # a check itself fails on some candidate: one by one, and one is left to the table
            if len(rows) == 1:
                return [[True] * len(checks)]
            return [self._alone(plan, checks, row) for row in rows]

    def _alone(self, plan: Plan, checks: list[Check], row: dict[str, Any]) -> list[bool]:
        try:
            return passing(self._session, plan, checks, [row])[0]
        except Refused:
            return [False] * len(checks)


def _key(plan: Plan, check: Check) -> str:
    return f"{plan.relation.name} {check.column} {check.name}"


def _said(checks: list[Check]) -> str:
    return " and ".join(check.text for check in checks)
