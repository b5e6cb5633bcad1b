"""No field of any record is forgotten: whatever is changed, one difference says so, but for what is given a reason."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.foreign_servers import UserMapping
from pgcontract.catalog.foreign_tables import ColumnOptions
from pgcontract.catalog.functions import Argument
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.inheritance import Inheritance
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.publications import PublishedTable
from pgcontract.catalog.roles import Membership
from pgcontract.catalog.storage import Storage
from pgcontract.catalog.text_search_configurations import TokenMapping
from pgcontract.catalog.triggers import Trigger
from pgcontract.catalog.types import Attribute, DomainCheck
from pgcontract.difference import GRADES, Difference
from pgcontract.lifecycle.diff import diff
from pgcontract.lifecycle.diff.fields import NOT_COMPARED
from pgcontract.lifecycle.diff.grades import TABLES
from pgcontract.lifecycle.diff.nouns import FACETS, NOUNS, PARTS
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog

ALL = Scope(extensions=True, platform=True)
CATALOG = ("server", *(noun.plural for noun in NOUNS), *FACETS)
# One more of what a field holds that is no text; a field is changed by it whatever it holds.
MORE: dict[tuple[str, str], Any] = {
    ("Function", "arguments"): Argument("in", "extra", "text"),
    ("Type", "attributes"): Attribute("extra", "text"),
    ("Type", "checks"): DomainCheck("extra", "(VALUE > 0)"),
    ("ForeignServer", "users"): UserMapping("somebody"),
    ("ForeignTable", "columns"): ColumnOptions("extra", ("extra=1",)),
    ("Role", "member_of"): Membership("somebody"),
    ("TextSearchConfiguration", "mappings"): TokenMapping("extra", ("public.x",)),
    ("Publication", "published"): PublishedTable("public.extra"),
}
# Two values of fields that hold one of a few words; the one that is not there is the other.
WORDS: dict[tuple[str, str], tuple[str, str]] = {
    ("Sequence", "type"): ("smallint", "bigint"),
    ("Function", "volatility"): ("stable", "volatile"),
    ("Function", "parallel"): ("safe", "unsafe"),
    ("Constraint", "kind"): ("CHECK", "UNIQUE"),
}
GRANT = Grant("somebody", "USAGE", False, "somebody else")
# What a difference of a field is called where the field holds several properties.
SEVERAL = {"grants": "privileges of somebody", "options": "option extra", "settings": "setting extra"}


def test_every_mapping_of_a_catalog_is_compared(odd: Callable[[int], Catalog]) -> None:
    apart = {"forms", "unreadable", "tables", "overloads"}
    assert {field.name for field in fields(odd(18))} - apart == set(CATALOG)


def records(catalog: Catalog) -> Iterator[tuple[str, str, Any]]:
    """A record of every class and, of what may be without them, one that has parts: its plural, key and itself."""
    for plural in CATALOG[1:]:
        held = getattr(catalog, plural)
        name = next(name for name, record in held.items() if wanted(plural, name, record))
        yield plural, name, held[name]


def wanted(plural: str, name: str, record: Any) -> bool:
    """One that hangs on nothing that would take its difference upon itself."""
    if plural == "relations":
        return name == "odd.child"
    if plural in {"casts", "roles"}:
        return not getattr(record, "system", False) and not name.startswith("pg_")
    if plural == "types":
        return bool(record.kind == "domain")
    return not (plural == "functions" and record.of_a_range)


def other(cls: str, field: str, value: Any) -> Any:
    """Another value of the same type."""
    if (cls, field) in MORE:
        more = MORE[cls, field]
        return {**value, more.name: more} if field == "published" else (*value, more)
    if (cls, field) in WORDS:
        return next(word for word in WORDS[cls, field] if word != value)
    if field == "grants":
        return (*value, GRANT)
    if isinstance(value, int):
        return not value if isinstance(value, bool) else value + 1
    if isinstance(value, tuple):
        return (*value, "extra=1")
    return f"{value} other" if isinstance(value, str) else "other"


def changed(catalog: Catalog, plural: str, name: str, record: Any) -> Catalog:
    if plural == "server":
        return replace(catalog, server=record)
    altered: dict[str, Any] = {plural: {**getattr(catalog, plural), name: record}}
    return replace(catalog, **altered)


def cases(catalog: Catalog) -> Iterator[tuple[str, str, Catalog]]:
    """Each field of each class of record, with the catalog in which just that is otherwise."""
    for plural, name, record in [("server", "", catalog.server), *records(catalog)]:
        cls = type(record).__name__
        for field in fields(record):
            if field.name in PARTS and cls == "Relation":
                for part_cls, part_field, made in of_parts(record, field.name):
                    yield part_cls, part_field, changed(catalog, plural, name, made)
            else:
                value = other(cls, field.name, getattr(record, field.name))
                yield cls, field.name, changed(catalog, plural, name, replace(record, **{field.name: value}))
            if field.name in {"checks", "published"} and getattr(record, field.name):
                yield from of_held(catalog, plural, name, record, field.name)


def of_parts(relation: Any, plural: str) -> Iterator[tuple[str, str, Any]]:
    parts = getattr(relation, plural)
    name, part = next(iter(parts.items()))
    for field in fields(part):
        value = other(type(part).__name__, field.name, getattr(part, field.name))
        made = {**parts, name: replace(part, **{field.name: value})}
        yield type(part).__name__, field.name, replace(relation, **{plural: made})


def of_held(catalog: Catalog, plural: str, name: str, record: Any, held: str) -> Iterator[tuple[str, str, Catalog]]:
    parts = getattr(record, held)
    first = next(iter(parts.values())) if hasattr(parts, "values") else parts[0]
    for field in fields(first):
        made = replace(first, **{field.name: other(type(first).__name__, field.name, getattr(first, field.name))})
        whole = {**parts, first.name: made} if hasattr(parts, "values") else (made, *parts[1:])
        yield type(first).__name__, field.name, changed(catalog, plural, name, replace(record, **{held: whole}))


def test_a_change_of_any_field_is_one_difference(odd: Callable[[int], Catalog]) -> None:
    catalog = with_parts(odd(18))
    tried, wrong = set(), []
    for cls, field, altered in cases(catalog):
        tried.add((cls, field))
        unsaid = ("*", field) in NOT_COMPARED or (cls, field) in NOT_COMPARED
        found = differences(catalog, altered, field)
        if found if unsaid else len(found) != 1:
            wrong.append((cls, field, unsaid, found))
        for difference in found:
            assert difference.grade in GRADES
            assert difference.reason
            assert difference.property == SEVERAL.get(field, difference.property)
    assert not wrong
    classes = {cls for cls, _ in tried}
    assert classes >= TABLES.keys()
    assert {(cls, field) for cls, field in NOT_COMPARED if cls != "*"} <= tried  # none that is no field any more


def differences(left: Catalog, right: Catalog, field: str) -> tuple[Difference, ...]:
    """Another key makes another object: what records are told apart by is left to their keys."""
    return () if field == "name" else diff(left, right, ALL)


def with_parts(catalog: Catalog) -> Catalog:
    """The odd catalog, in which one table has one part of each kind that hangs on nothing else."""
    parts: dict[str, Any] = {
        "indexes": {"i": Index("i", "btree", ("id",))},
        "policies": {"p": Policy("p", "SELECT", True, ("PUBLIC",))},
        "triggers": {"t": Trigger("t", "BEFORE", ("INSERT",), "ROW", "odd.touch")},
    }
    return changed(catalog, "relations", "odd.child", replace(catalog.relations["odd.child"], **parts))


def test_the_same_is_no_difference(odd: Callable[[int], Catalog]) -> None:
    assert diff(odd(18), odd(18), ALL) == ()


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_one_side_lacks_is_one_difference_with_its_parts(odd: Callable[[int], Catalog], side: str) -> None:
    """But what follows from a table: its sequence, rules and statistics go with it."""
    whole = odd(18)
    gone = {name: relation for name, relation in whole.relations.items() if name != "odd.columns"}
    without = replace(whole, relations=gone)
    (found,) = diff(without, whole) if side == "left" else diff(whole, without)
    assert (found.object, found.kind, found.property) == ("odd.columns", "table", "existence")
    assert (found.left is None) == (side == "left")
    assert [part for part in found.parts if part.startswith("column odd.columns.")]


def test_unusual_storage_and_parents_are_differences_of_the_table(odd: Callable[[int], Catalog]) -> None:
    catalog = odd(18)
    name = "odd.columns"
    stored = replace(catalog, storage={**catalog.storage, name: Storage(name, "FULL")})
    (found,) = diff(catalog, stored)
    assert (found.kind, found.property, found.left, found.right) == ("table", "replica identity", "DEFAULT", "FULL")
    born = replace(catalog, inheritance={**catalog.inheritance, name: Inheritance(name, ("odd.parent",))})
    (found,) = diff(catalog, born)
    assert (found.property, found.left, found.right) == ("parents", None, "odd.parent")


def test_what_a_parent_hands_down_is_said_of_the_parent(odd: Callable[[int], Catalog]) -> None:
    catalog = odd(18)
    child, (parent, *_) = next(
        (child, link.parents) for child, link in catalog.inheritance.items() if link.bound is not None
    )
    check = Constraint("checked", "CHECK", expression="(1 = 1)")
    made = {
        name: replace(relation, constraints={**relation.constraints, "checked": check})
        for name, relation in catalog.relations.items()
        if name in {child, parent}
    }
    (found,) = diff(catalog, replace(catalog, relations={**catalog.relations, **made}))
    assert found.object == f"{parent}.checked"


def test_records_of_records_are_dataclasses() -> None:
    assert all(is_dataclass(more) for more in MORE.values())
