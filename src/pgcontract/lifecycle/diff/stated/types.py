"""Types that are otherwise than a contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.types import Attribute, DomainCheck
from pgcontract.expectations.comments import CommentIs
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.repair.context import Context


def enum(said: Any, context: Context) -> None:
    """Just its labels."""
    there = context.world.catalog.types[said.type]
    context.world.put("types", said.type, replace(there, labels=tuple(said.labels)))


def composite(said: Any, context: Context) -> None:
    """Just its attributes."""
    there = context.world.catalog.types[said.type]
    forms = zip([name for name, _ in said.attributes], said.forms(), strict=True)
    collations = said.meant(context.world.catalog)
    attributes = [Attribute(name, context.own(form), collations.get(name)) for name, form in forms]
    context.world.put("types", said.type, replace(there, attributes=tuple(attributes)))


def domain(said: Any, context: Context) -> None:
    """What it is made of, and its checks: of those, the contract says the expressions and not the names."""
    there = context.world.catalog.types[said.domain]
    base, *others = (context.own(form) for form in said.forms())
    default = there.default
    if said.default is not None:
        default = None if said.default.strip().lower() == "null" else others.pop(0)
    spoken = [each.name for each in context.said.of(CommentIs, "of", said.domain, noun="domain constraint")]
    checks = there.checks if said.checks is None else _checks(there.checks, others, said.domain, spoken)
    late = {context.own(form) for form in said.forms() if form.text in said.not_valid}
    checks = tuple(each if each.expression in late else replace(each, valid=True) for each in checks)
    not_null = there.not_null if said.not_null is None else said.not_null
    context.world.put(
        "types", said.domain, replace(there, base=base, default=default, not_null=not_null, checks=checks)
    )


def _checks(
    there: Sequence[DomainCheck], wanted: Sequence[str], name: str, spoken: Sequence[str]
) -> tuple[DomainCheck, ...]:
    """Those that are there; for each that is missing one in the place of another, or under a name that is free."""
    kept = [check for check in there if check.expression in wanted]
    spare = [check for check in there if check.expression not in wanted]
    missing = [text for text in wanted if text not in {check.expression for check in kept}]
    stem, taken = split(name)[-1], {check.name for check in there}
    names = (*spoken, *(f"{stem}_check{number or ''}" for number in range(len(there) + len(missing) + 1)))
    free = (each for each in names if each not in taken)
    made = [replace(spare.pop(0), expression=text) if spare else DomainCheck(next(free), text) for text in missing]
    return tuple(sorted([*kept, *made], key=lambda check: check.name))
