"""Candidates that the server chooses from, where a check cannot be evaluated here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.synth.drawing import fill, skeleton
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.inserting import passing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session
    from pgcontract.synth.draw import Draw
    from pgcontract.synth.drawing import Request
    from pgcontract.synth.plan import Check, Plan

_BATCH = 40


def undecided(plan: Plan, row: Mapping[str, Any]) -> list[Check]:
    """The checks of which only the server knows whether the row satisfies them."""
    return [
        check for check in plan.checks if check.text and (check.node is None or evaluate(check.node, row) is UNKNOWN)
    ]


def filtered(
    session: Session, catalog: Catalog, plan: Plan, request: Request, draw: Draw, *, first: dict[str, Any]
) -> dict[str, Any]:
    """A row that the server lets through: the first, if nothing is undecided, else one of many like it.

    Raises:
        NoValueError: It lets none through.
    """
    checks = undecided(plan, first)
    if not checks:
        return first
    try:
        if passing(session, plan, checks, [first]):
            return first
        candidates = _candidates(catalog, plan, request, draw)
        left = passing(session, plan, checks, candidates)
    except Refused:
        return first  # the check itself fails on some candidate: let the table say so
    if not left:
        said = " and ".join(check.text for check in checks)
        raise NoValueError(f"none of {len(candidates)} candidates satisfies {said}")
    return candidates[draw.choice(left)]


def _candidates(catalog: Catalog, plan: Plan, request: Request, draw: Draw) -> list[dict[str, Any]]:
    """Rows as the request has them; in every other one texts have usual forms and numbers are small."""
    found = []
    for number in range(_BATCH):
        other = replace(request, guess=number % 2 == 1)
        try:
            found.append(fill(catalog, plan, skeleton(plan, other, draw), other, draw))
        except NoValueError:
            continue
    return found
