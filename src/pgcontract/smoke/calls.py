"""Calls of functions, with made-up arguments, as somebody who may call them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import on_function, reaches
from pgcontract.expectations.call import inputs
from pgcontract.expectations.callable import FunctionCallable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.isolation.model import Principal
    from pgcontract.run.evaluation import Evaluation
    from pgcontract.smoke.plan import Plan
    from pgcontract.verdict import Outcome

_DENIED = "42501: "
_BY_POSTGRES = "42501: permission denied for "
"""What Postgres says of a missing privilege; other refusals of that kind are a function's own, or a policy's."""


def called(evaluation: Evaluation, planned: Plan, users: Sequence[Principal]) -> Iterator[Outcome]:
    """What came of the calls.

    Args:
        evaluation: By which they are judged.
        planned: Which functions, and who stands for the backend.
        users: Who is signed in, with the claims that functions may ask for.
    """
    catalog = evaluation.catalog
    for signature, function in planned.functions.items():
        named = [planned.service, *(user.role for user in users), *([planned.anon] if planned.anon else [])]
        roles: list[str] = [*dict.fromkeys(named)]
        role = next((one for one in roles if one in catalog.roles and _may(catalog, one, function)), None)
        if role is None:
            outcome = evaluation.judge(FunctionCallable(signature, role=planned.service))
            reason = f"none of {', '.join(roles)} is meant to call it"
            yield replace(outcome, status="skipped", findings=(), reason=reason)
            continue
        claims = next((user.claims for user in users if user.role == role), None)
        yield _weighed(evaluation.judge(FunctionCallable(signature, role=role, claims=claims)), function)


def _may(catalog: Catalog, role: str, function: Function) -> bool:
    return reaches(catalog, role, function.name) and "EXECUTE" in on_function(catalog, role, function.signature)


def _weighed(outcome: Outcome, function: Function) -> Outcome:
    """Skipped where the function, or a policy, refuses what was made up; a missing privilege is another matter."""
    observed = [finding.observed or "" for finding in outcome.findings]
    own = [one for one in observed if one.startswith(_DENIED) and not one.startswith(_BY_POSTGRES)]
    if not own or len(own) < len(observed) or not inputs(function):
        return outcome
    reason = f"{function.signature} refuses made-up arguments ({own[0].removeprefix(_DENIED)}); state it in a contract"
    return replace(outcome, status="skipped", findings=(), reason=reason)
