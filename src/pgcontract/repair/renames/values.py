"""Labels of enums and attributes of composite types, of which one stands where the contract has another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.renaming import label_renamed
from pgcontract.expectations.composites import CompositeAttributes
from pgcontract.expectations.guarded import where
from pgcontract.expectations.types import EnumLabels
from pgcontract.names import literal, quote
from pgcontract.repair.renames.pairs import Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.types import Type
    from pgcontract.contract.expectation import Expectation
    from pgcontract.verdict import Outcome


def other_names(found: Iterable[tuple[Outcome, Expectation | None]], catalog: Catalog) -> Iterator[Pair]:
    """The one label or attribute of a type that has another name than the contract says, all else being equal."""
    for outcome, expectation in found:
        if outcome.status != "failed":
            continue
        messages = tuple(finding.message for finding in outcome.findings)
        if isinstance(expectation, EnumLabels):
            pair = _label(expectation, catalog.types.get(expectation.type))
        elif isinstance(expectation, CompositeAttributes):
            pair = _attribute(expectation, catalog.types.get(expectation.type), catalog.own_form)
        else:
            continue
        if pair is not None:
            yield replace(pair, mends=messages)


def _label(said: EnumLabels, there: Type | None) -> Pair | None:
    labels = () if there is None or there.kind != "enum" else there.labels
    other = _only_other(tuple(said.labels), labels)
    return None if other is None else Pair("label", said.type, *other)


def _attribute(said: CompositeAttributes, there: Type | None, own: Callable[..., str]) -> Pair | None:
    """Those in the same place are of the same type, too."""
    attributes = () if there is None or there.kind != "composite" else there.attributes
    types = tuple(map(own, said.forms()))
    if types != tuple(each.type for each in attributes):
        return None
    other = _only_other(tuple(name for name, _ in said.attributes), tuple(each.name for each in attributes))
    return None if other is None else Pair("attribute", said.type, *other)


def _only_other(wanted: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, str] | None:
    """What is there, and what is wanted, in the one place where the two differ."""
    if len(wanted) != len(there):
        return None
    differing = [(old, new) for old, new in zip(there, wanted, strict=True) if old != new]
    if len(differing) != 1 or differing[0][1] in there or differing[0][0] in wanted:
        return None
    return differing[0]


def statement(pair: Pair) -> str:
    """The statement, which does nothing where the old name is not there."""
    name, old = pair.of or "", literal(pair.old)
    if pair.noun == "label":
        row = f"pg_catalog.pg_enum where enumtypid = pg_catalog.to_regtype({literal(name)}) and enumlabel = {old}"
        return where(f"alter type {name} rename value {old} to {literal(pair.new)};", row)
    row = (
        "pg_catalog.pg_attribute as a join pg_catalog.pg_type as t on t.typrelid = a.attrelid"
        f" where t.oid = pg_catalog.to_regtype({literal(name)}) and a.attname = {old} and not a.attisdropped"
    )
    return where(f"alter type {name} rename attribute {quote(pair.old)} to {quote(pair.new)} cascade;", row)


def after(catalog: Catalog, pair: Pair) -> Catalog:
    """The catalog when the statement has run; what reaches into a composite by the attribute's name has the old one."""
    if pair.noun == "label":
        return label_renamed(catalog, pair.of or "", pair.old, pair.new)
    there = catalog.types[pair.of or ""]
    named = (replace(each, name=pair.new) if each.name == pair.old else each for each in there.attributes)
    return catalog.changed({"types": {there.name: replace(there, attributes=tuple(named))}})
