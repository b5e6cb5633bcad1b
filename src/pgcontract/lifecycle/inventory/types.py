"""Types, collations, casts, and operators."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.expectations.casts import CastPresent, CastsAre
from pgcontract.expectations.collations import CollationExists
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.composites import CompositeAttributes
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.operator_classes import OperatorClassPresent
from pgcontract.expectations.operators import OperatorPresent
from pgcontract.expectations.ranges import RangeIs
from pgcontract.expectations.types import EnumLabels, TypeExists
from pgcontract.lifecycle.inventory.frame import Source, described, readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.types import Type
    from pgcontract.contract.expectation import Expectation

_WITH_ANOTHER = frozenset({"multirange", "shell"})
"""Kinds of types that come with another, or are no more than announced."""


def types(source: Source) -> Iterator[Expectation]:
    """Enums, composites, domains, ranges and base types."""
    for each in source.records("types"):
        if each.kind == "shell":
            yield TypeExists(each.name, is_a="shell")
        elif each.kind not in _WITH_ANOTHER:
            yield TypeExists(each.name, is_a=each.kind)
            yield from readable(partial(_definition, each))
            yield from described(source, "domain" if each.kind == "domain" else "type", each.name, each, "type")


def _definition(each: Type) -> Iterator[Expectation]:
    if each.kind == "enum":
        yield EnumLabels(each.name, each.labels)
    elif each.kind == "composite":
        attributes = [(attribute.name, attribute.type) for attribute in each.attributes]
        collations = [(attribute.name, attribute.collation) for attribute in each.attributes if attribute.collation]
        yield CompositeAttributes(each.name, attributes, collations)
    elif each.kind == "domain":
        checks = [check.expression for check in each.checks]
        default = each.default if each.default is not None else "null"
        yield DomainIs(
            each.name,
            each.base or "",
            not_null=each.not_null,
            default=default,
            checks=checks,
            collation=each.collation,
            not_valid=[check.expression for check in each.checks if not check.valid],
        )
        for check in each.checks:
            yield CommentIs("domain constraint", check.name, check.comment, of=each.name)
    elif each.kind == "range":
        yield RangeIs(
            each.name,
            each.subtype or "",
            multirange=each.multirange,
            operator_class=each.operator_class,
            collation=each.collation,
            subtype_diff=each.subtype_diff,
            canonical_function=each.canonical_function,
        )


def collations(source: Source) -> Iterator[Expectation]:
    """Those that somebody made."""
    for each in source.records("collations"):
        yield CollationExists(
            each.name, provider=each.provider, locale=each.locale, deterministic=each.deterministic, rules=each.rules
        )
        yield from described(source, "collation", each.name, each)


def casts(source: Source) -> Iterator[Expectation]:
    """Those that somebody made; a cast is in no schema."""
    if not source.scope.whole:
        return
    for cast in source.records("casts"):
        yield CastPresent(cast.source, cast.target, context=cast.context, method=cast.method, function=cast.function)
        yield from described(source, "cast", cast.signature, cast)
    yield from readable(lambda: [CastsAre([cast.signature for cast in source.all_records("casts")])])


def operators(source: Source) -> Iterator[Expectation]:
    """Operators; one that another has only announced is not said to be there."""
    for each in source.records("operators"):
        if each.returns is not None:
            yield OperatorPresent(
                each.name,
                each.left,
                each.right,
                returns=each.returns,
                function=each.function,
                commutator=each.commutator,
                negator=each.negator,
                hashes=each.hashes,
                merges=each.merges,
            )
            yield from described(source, "operator", each.signature, each)


def operator_classes(source: Source) -> Iterator[Expectation]:
    """Operator classes; of two with one name, only the first has its owner and comment stated."""
    named: set[str] = set()
    for each in source.records("operator_classes"):
        yield OperatorClassPresent(
            each.name, method=each.method, type=each.type, default=each.default, family=each.family
        )
        if each.name not in named:
            yield from described(source, "operator class", each.name, each)
        named.add(each.name)
