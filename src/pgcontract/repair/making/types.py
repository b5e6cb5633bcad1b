"""Types that are missing: enums, composites, domains and ranges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.types import Attribute, DomainCheck, Type
from pgcontract.expectations.composites import CompositeAttributes
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.ranges import RangeIs
from pgcontract.expectations.text_search_configurations import meant as meant_by
from pgcontract.expectations.types import EnumLabels
from pgcontract.names import canonical, literal, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.domains import check_names
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.repair.context import Context


def created(context: Context, name: str) -> Draft | None:
    """The statement that makes a type which is missing.

    Raises:
        NotSaidError: The contract does not say what the type is.
    """
    if context.world.get("types", name) is not None:
        return None
    said = context.said
    enum = next(said.of(EnumLabels, "type", name), None)
    composite = next(said.of(CompositeAttributes, "type", name), None)
    domain = next(said.of(DomainIs, "domain", name), None)
    spread = next(said.of(RangeIs, "type", name), None)
    if enum is not None:
        record, sql = _enum(context, enum)
    elif composite is not None:
        record, sql = _composite(context, composite)
    elif domain is not None:
        record, sql = _domain(context, domain)
    elif spread is not None:
        record, sql = _range(context, spread)
    else:
        raise NotSaidError(f"the contract does not say what the type {name} is")
    context.world.put("types", name, replace(record, grants=context.world.grants("types", context.user, name)))
    return Draft((Repair(unless(sql, _there(name))),), makes=(name,))


def _there(name: str) -> str:
    schema, own = split(name)
    return (
        "pg_catalog.pg_type as t join pg_catalog.pg_namespace as n on n.oid = t.typnamespace"
        f" where n.nspname = {literal(schema)} and t.typname = {literal(own)}"
    )


def _enum(context: Context, said: EnumLabels) -> tuple[Type, str]:
    labels = ", ".join(map(literal, said.labels))
    return Type(
        said.type, "enum", context.user, labels=tuple(said.labels)
    ), f"create type {said.type} as enum ({labels});"


def _composite(context: Context, said: CompositeAttributes) -> tuple[Type, str]:
    forms = zip([name for name, _ in said.attributes], said.forms(), strict=True)
    collations = said.meant(context.world.catalog)
    attributes = tuple(Attribute(name, context.own(form), collations.get(name)) for name, form in forms)
    listed = ", ".join(
        f"{quote(each.name)} {each.type}{f' collate {each.collation}' if each.collation else ''}" for each in attributes
    )
    return Type(said.type, "composite", context.user, attributes=attributes), f"create type {said.type} as ({listed});"


def _domain(context: Context, said: DomainIs) -> tuple[Type, str]:
    base, *others = list(said.forms())
    own = context.own(base)
    parts, default = [f"create domain {said.domain} as {own}"], None
    collation = None
    if said.collation is not None:
        collation = meant_by(said.collation, schema_of(said.domain), context.world.catalog.collations)
        parts.append(f"collate {collation}")
    if said.default is not None and said.default.strip().lower() != "null":
        default = context.own(others.pop(0))
        parts.append(f"default {default}")
    if said.not_null:
        parts.append("not null")
    checks = []
    for name, form in zip(check_names(context, said, len(others)), others, strict=True):
        if form.text in said.not_valid:  # which only ALTER DOMAIN can add so
            continue
        checks.append(DomainCheck(name, context.own(form)))
        parts.append(f"constraint {quote(checks[-1].name)} check ({checks[-1].expression})")
    record = Type(
        said.domain, "domain", context.user, base=own, not_null=bool(said.not_null), default=default,
        checks=tuple(checks), collation=collation,
    )  # fmt: skip
    return record, f"{' '.join(parts)};"


def _range(context: Context, said: RangeIs) -> tuple[Type, str]:
    (subtype,) = map(context.own, said.forms())
    schema = schema_of(said.type)

    def meant(written: str | None) -> str | None:
        if written is None:
            return None
        own, catalog = canonical(written, schema), context.world.catalog
        classes = (each.name for each in catalog.operator_classes.values())
        there = own in catalog.overloads or own in catalog.collations or own in classes
        return own if there else canonical(written, "pg_catalog")

    fields = {
        "subtype_opclass": meant(said.operator_class),
        "collation": meant(said.collation),
        "subtype_diff": meant(said.subtype_diff),
        "multirange_type_name": said.multirange,
    }
    if said.canonical_function is not None:
        raise NotSaidError(f"the canonical function of the range {said.type} takes the range itself")
    options = ", ".join(f"{word} = {value}" for word, value in fields.items() if value is not None)
    record = Type(
        said.type, "range", context.user, subtype=subtype, multirange=said.multirange,
        operator_class=fields["subtype_opclass"], collation=fields["collation"], subtype_diff=fields["subtype_diff"],
    )  # fmt: skip
    return record, f"create type {said.type} as range (subtype = {subtype}{f', {options}' if options else ''});"
