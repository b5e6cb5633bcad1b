"""Mutants of types: labels, checks, attributes, and types as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.types import Attribute, DomainCheck, Type
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.named import addressed
from pgcontract.lifecycle.mutation.renaming import everywhere, renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import inside, texts
from pgcontract.names import literal, qualified, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("type")
_MADE = frozenset({"enum", "composite", "domain", "range"})
_REWRITTEN = "expressions in which the label stands"


@KINDS.kind(
    "TypeDropped", "a type is dropped, and the columns of it", unlike="what goes along is told by the names in texts"
)
def _dropped(world: World) -> Iterator[Change]:
    for one in own(world, *_MADE):
        edit = world.edit()
        Dropping(edit, world).type(one.name)
        yield _change(one, "is dropped", edit, f"drop {addressed('types', one.name, one)} cascade")


@KINDS.kind("TypeRenamed", "a type gets another name")
def _name_changed(world: World) -> Iterator[Change]:
    for one in own(world, "enum", "composite", "domain"):
        schema, name = split(one.name)
        new, edit = renamed(name), world.edit()
        everywhere(edit, world, one.name, qualified(schema, new))
        ddl = f"alter {addressed('types', one.name, one)} rename to {quote(new)}"
        yield _change(one, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("TypeAdded", "a type is added that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    for schema in sorted(world.schemas):
        name = inside(schema, NEW)
        if name not in world.catalog.types and name not in world.catalog.relations:
            new = Type(name, "enum", world.catalog.server.user, ("a",), grants=acl.of_new(world, "types", schema))
            edit = world.edit()
            edit.put("types", name, new)
            yield _change(new, "is added", edit, f"create type {name} as enum ('a')")


@KINDS.kind("EnumLabelAdded", "an enum gets a label", noun="enum")
def _label_added(world: World) -> Iterator[Change]:
    for one in own(world, "enum"):
        labels, ddl = (*one.labels, NEW), f"alter type {one.name} add value {literal(NEW)}"
        yield _altered(world, one, f"gets the label {NEW}", [ddl], labels=labels)


@KINDS.kind("EnumLabelRenamed", "a label of an enum gets another name", noun="enum", unlike=_REWRITTEN)
def _label_renamed(world: World) -> Iterator[Change]:
    for one in own(world, "enum"):
        for label in one.labels:
            new = renamed(label)
            labels = tuple(new if each == label else each for each in one.labels)
            ddl = f"alter type {one.name} rename value {literal(label)} to {literal(new)}"
            yield _altered(world, one, f"has the label {new} instead of {label}", [ddl], labels=labels)


@KINDS.kind("EnumLabelRemoved", "an enum loses a label", noun="enum", unlike=_REWRITTEN)
def _label_removed(world: World) -> Iterator[Change]:
    """There is no statement for it but the catalogs' own, which is good enough for a database that is thrown away."""
    for one in own(world, "enum"):
        said = [text for place in world.mentions.get(one.name, ()) for text in texts(world.record(place))]
        bounds = [record.bound or "" for record in world.catalog.inheritance.values()]
        for label in one.labels:
            spoken = any(f"{literal(label)}::{one.name}" in text for text in said)
            if spoken or any(literal(label) in bound for bound in bounds):  # what says it could not be read any more
                continue
            left = tuple(each for each in one.labels if each != label)
            ddl = (
                f"delete from pg_catalog.pg_enum where enumtypid = {literal(one.name)}::pg_catalog.regtype "
                f"and enumlabel = {literal(label)}"
            )
            yield _altered(world, one, f"loses the label {label}", [ddl], labels=left)


@KINDS.kind("EnumLabelsReordered", "the labels of an enum are ordered otherwise", noun="enum", unlike=_REWRITTEN)
def _labels_reordered(world: World) -> Iterator[Change]:
    for one in own(world, "enum"):
        if len(one.labels) > 1:
            first, second, *rest = one.labels
            steps = ((first, NEW), (second, first), (NEW, second))
            ddl = [f"alter type {one.name} rename value {literal(was)} to {literal(to)}" for was, to in steps]
            labels = (second, first, *rest)
            yield _altered(world, one, f"has {second} before {first}", ddl, labels=labels)


@KINDS.kind("DomainCheckDropped", "a domain takes what a CHECK of its refused", noun="domain")
def _check_dropped(world: World) -> Iterator[Change]:
    for one in own(world, "domain"):
        for check in one.checks:
            left = tuple(each for each in one.checks if each != check)
            ddl = f"alter domain {one.name} drop constraint {quote(check.name)}"
            yield _altered(world, one, f"loses its CHECK {quote(check.name)}", [ddl], checks=left)


@KINDS.kind("DomainCheckRedefined", "a CHECK of a domain refuses nothing any more", noun="domain")
def _check_true(world: World) -> Iterator[Change]:
    for one in _checkable(world):
        for check in one.checks:
            after = tuple(DomainCheck(each.name, "true") if each == check else each for each in one.checks)
            void = "it refused nothing before" if check.expression == "true" else None
            ddl = [
                f"alter domain {one.name} drop constraint {quote(check.name)}",
                f"alter domain {one.name} add constraint {quote(check.name)} check (true)",
            ]
            yield _altered(world, one, f"has CHECK (true) in {quote(check.name)}", ddl, void=void, checks=after)


@KINDS.kind("DomainCheckAdded", "a domain refuses what it took", noun="domain")
def _check_added(world: World) -> Iterator[Change]:
    for one in _checkable(world):
        new = DomainCheck(NEW, "(VALUE IS NOT NULL)")
        checks = tuple(sorted((*one.checks, new), key=lambda check: check.name))
        ddl = f"alter domain {one.name} add constraint {NEW} check (value is not null)"
        yield _altered(world, one, "gets a CHECK", [ddl], checks=checks)


@KINDS.kind("DomainNotNullChanged", "whether a domain refuses NULL changes", noun="domain")
def _domain_null(world: World) -> Iterator[Change]:
    for one in _checkable(world):
        other = not one.not_null
        ddl = f"alter domain {one.name} {'set' if other else 'drop'} not null"
        yield _altered(world, one, "refuses NULL" if other else "takes NULL", [ddl], not_null=other)


@KINDS.kind("DomainDefaultDropped", "a domain loses its default", noun="domain")
def _domain_default(world: World) -> Iterator[Change]:
    for one in own(world, "domain"):
        if one.default is not None:
            ddl = f"alter domain {one.name} drop default"
            yield _altered(world, one, "loses its default", [ddl], default=None)


@KINDS.kind("AttributeAdded", "a composite type gets an attribute", noun="composite type")
def _attribute_added(world: World) -> Iterator[Change]:
    for one in own(world, "composite"):
        attributes = (*one.attributes, Attribute(NEW, "integer"))
        ddl = f"alter type {one.name} add attribute {NEW} integer cascade"
        yield _altered(world, one, f"gets the attribute {NEW}", [ddl], attributes=attributes)


@KINDS.kind("AttributeDropped", "a composite type loses an attribute", noun="composite type")
def _attribute_dropped(world: World) -> Iterator[Change]:
    for one in own(world, "composite"):
        for attribute in one.attributes:
            left = tuple(each for each in one.attributes if each != attribute)
            ddl = f"alter type {one.name} drop attribute {quote(attribute.name)} cascade"
            yield _altered(world, one, f"loses the attribute {quote(attribute.name)}", [ddl], attributes=left)


@KINDS.kind(
    "AttributeRenamed",
    "an attribute of a composite type gets another name",
    noun="composite type",
    unlike="expressions that reach into the type",
)
def _attribute_renamed(world: World) -> Iterator[Change]:
    for one in own(world, "composite"):
        for attribute in one.attributes:
            new = renamed(attribute.name)
            after = tuple(replace(each, name=new) if each == attribute else each for each in one.attributes)
            ddl = f"alter type {one.name} rename attribute {quote(attribute.name)} to {quote(new)} cascade"
            words = f"has the attribute {quote(new)} instead of {quote(attribute.name)}"
            yield _altered(world, one, words, [ddl], attributes=after)


@KINDS.kind(
    "AttributeRetyped", "an attribute of a composite type that no column is of has another type", noun="composite type"
)
def _attribute_retyped(world: World) -> Iterator[Change]:
    for one in own(world, "composite"):
        used = any(place.plural == "relations" or place.name != one.name for place in world.mentions.get(one.name, ()))
        for attribute in one.attributes if not used else ():
            other = "text" if attribute.type != "text" else "integer"
            changed = Attribute(attribute.name, other)
            after = tuple(changed if each == attribute else each for each in one.attributes)
            ddl = f"alter type {one.name} alter attribute {quote(attribute.name)} type {other}"
            yield _altered(world, one, f"has {quote(attribute.name)} as {other}", [ddl], attributes=after)


@KINDS.kind(
    "AttributeCollationChanged",
    "an attribute of a composite type that no column is of is ordered otherwise",
    noun="composite type",
)
def _attribute_collated(world: World) -> Iterator[Change]:
    for one in own(world, "composite"):
        used = any(place.plural == "relations" or place.name != one.name for place in world.mentions.get(one.name, ()))
        for attribute in one.attributes if not used else ():
            if attribute.type == "text":
                other = None if attribute.collation else 'pg_catalog."POSIX"'
                changed = replace(attribute, collation=other)
                after = tuple(changed if each == attribute else each for each in one.attributes)
                own_ = other or 'pg_catalog."default"'
                ddl = f"alter type {one.name} alter attribute {quote(attribute.name)} type text collate {own_}"
                yield _altered(world, one, f"has {quote(attribute.name)} in {own_}", [ddl], attributes=after)


def _checkable(world: World) -> Iterator[Type]:
    """The domains that ALTER DOMAIN can hold rows against: none that stands in an array or in another type."""
    for one in own(world, "domain"):
        places = world.mentions.get(one.name, ())
        nested = any(place.plural == "types" and place.name != one.name for place in places)
        if not nested and not any(f"{one.name}[]" in text for place in places for text in texts(world.record(place))):
            yield one


def own(world: World, *kinds: str) -> Iterator[Type]:
    """The types in scope of these kinds."""
    return (record for _, record in world.each("types") if record.kind in kinds)


def _altered(world: World, one: Type, said: str, ddl: list[str], *, void: str | None = None, **values: Any) -> Change:
    edit = world.edit()
    edit.put("types", one.name, replace(one, **values))
    return _change(one, said, edit, *ddl, void=void)


def _change(one: Type, said: str, edit: Any, *ddl: str, void: str | None = None) -> Change:
    return Change(one.name, f"{one.kind} {one.name} {said}", edit, ddl, void=void)
