"""Domains that are otherwise than the contract says: their checks, under the names that it knows, and NOT NULL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.types import DomainCheck
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.guarded import unless, where
from pgcontract.names import literal, quote, split
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.holding import domains_over, made_of, put_away
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.types import Type
    from pgcontract.expectations.domains import DomainIs
    from pgcontract.repair.context import Context


def check_names(context: Context, said: DomainIs, number: int) -> list[str]:
    """The names that comments speak of, where they are as many, and in order; else such as Postgres would give."""
    named = [each.name for each in context.said.of(CommentIs, "of", said.domain, noun="domain constraint")]
    if len(named) == number and sorted(named) == named:
        return named
    stem = split(said.domain)[-1].encode()[:50].decode(errors="ignore")
    return [f"{stem}_check{count or ''}" for count in range(number)]


def altered(expectation: DomainIs, context: Context) -> Draft | None:
    """The checks that are missing, and NOT NULL; None where neither is, and the findings' own repairs will do.

    Postgres does neither under columns that hold the domain within another type, whose values are put away.

    Raises:
        NotSaidError: Something hangs on such a column that cannot be made again.
    """
    domain: Type | None = context.world.get("types", expectation.domain)
    if domain is None or domain.kind != "domain":
        return None
    base, *others = list(expectation.forms())
    wanted = [context.own(form) for form in others][-len(expectation.checks or ()) or len(others) :]
    there = {check.expression for check in domain.checks}
    not_null = bool(expectation.not_null) and not domain.not_null
    if context.own(base) != domain.base or not (not_null or set(wanted) - there):
        return None
    kept = [check for check in domain.checks if check.expression in wanted or expectation.checks is None]
    late = {context.own(form) for form in others if form.text in expectation.not_valid}
    new = [replace(each, valid=each.expression not in late) for each in _new(context, expectation, domain, wanted)]
    missing = [unless(_adding(domain.name, check), _named(domain.name, check.name)) for check in new]
    drops = [Repair(_dropping(domain.name, check, new)) for check in domain.checks if check not in kept]
    change = [Repair(sql, "blocks writes") for sql in missing]
    change += [Repair(f"alter domain {domain.name} set not null;", "blocks writes")] if not_null else []
    catalog = context.world.catalog
    kinds = made_of(catalog, domains_over(catalog, domain.name))
    steps = (*drops, *put_away(context, kinds, change, lambda sql: _until(sql, domain.name, new, not_null=not_null)))
    checks = tuple(sorted([*kept, *new], key=lambda check: check.name))
    context.world.put("types", domain.name, replace(domain, checks=checks, not_null=not_null or domain.not_null))
    return Draft(steps, main=change[-1].sql)


def _new(context: Context, said: DomainIs, domain: Type, wanted: list[str]) -> Iterator[DomainCheck]:
    """The checks that are missing; one that stands in the place of another takes over its name."""
    names = check_names(context, said, len(wanted))
    missing = [(name, text) for name, text in zip(names, wanted, strict=True) if text not in _texts(domain)]
    extra = [check for check in domain.checks if check.expression not in wanted]
    taken = {check.name for check in domain.checks if check not in extra}
    for name, text in missing:
        if len(missing) == len(extra) == 1:
            yield DomainCheck(extra[0].name, text, comment=extra[0].comment)
            return
        free = name
        for count in range(1, len(taken) + 2):
            free = free if free not in taken else f"{name[:50]}{count}"
        taken.add(free)
        yield DomainCheck(free, text)


def _texts(domain: Type) -> set[str]:
    return {check.expression for check in domain.checks}


def _adding(domain: str, check: DomainCheck) -> str:
    late = "" if check.valid else " not valid"
    return f"alter domain {domain} add constraint {quote(check.name)} check ({check.expression}){late};"


def _dropping(domain: str, check: DomainCheck, new: list[DomainCheck]) -> str:
    """The statement that drops a check, unless it is by now the one that takes over its name."""
    drop = f"alter domain {domain} drop constraint if exists {quote(check.name)};"
    other = next((each for each in new if each.name == check.name), None)
    if other is None:
        return drop
    said = literal(f"CHECK ({other.expression}){'' if other.valid else ' NOT VALID'}")
    return where(drop, f"{_named(domain, check.name)} and pg_catalog.pg_get_constraintdef(oid) <> {said}")


def _until(sql: str, domain: str, new: list[DomainCheck], *, not_null: bool) -> str:
    """The statement, to be run while one of the checks is yet to be made, or NOT NULL to be set."""
    named = _named(domain, *(check.name for check in new))
    lacking = [f"(select pg_catalog.count(*) from {named}) < {len(new)}"] if new else []
    lacking += ["not t.typnotnull"] if not_null else []
    of_type = f"pg_catalog.pg_type as t where t.oid = {literal(domain)}::pg_catalog.regtype"
    return where(sql, f"{of_type} and ({' or '.join(lacking)})")


def _named(domain: str, *names: str) -> str:
    of_domain = f"contypid = {literal(domain)}::pg_catalog.regtype"
    return f"pg_catalog.pg_constraint where {of_domain} and conname in ({', '.join(map(literal, names))})"
