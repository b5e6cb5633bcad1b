"""Every field of every record is stated: change one, and the inventory of what was there before fails.

What is not stated is listed here, with the reason; so are the fields that only say something of some records.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pgcontract.catalog import saved
from pgcontract.catalog.foreign_servers import UserMapping
from pgcontract.catalog.foreign_tables import ColumnOptions
from pgcontract.catalog.functions import Argument
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.roles import Membership
from pgcontract.catalog.text_search_configurations import TokenMapping
from pgcontract.catalog.types import Attribute, DomainCheck
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.inventory.sequences import of_identity
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation

NOT_STATED = {
    "extension": "what belongs to an extension is left out; ALTER EXTENSION ADD changes nothing about the object",
    "Server.name": "differs between databases by nature",
    "Server.version": "differs between servers by nature",
    "Server.version_number": "differs between servers by nature",
    "Server.user": "is whoever looked",
    "Server.standby": "differs between servers by nature",
    "Server.host": "differs between servers by nature",
    "Column.position": "cannot be changed, and differs where columns were added in another order",
    "Grant.grantor": "matters to revoking it alone",
    "Membership.set": "matters from version 16, and to SET ROLE alone",
    "Constraint.index": "is made by the constraint",
    "Index.primary": "follows from the primary key",
    "Index.constraint": "follows from the constraints",
    "Relation.is_partition": "follows from the inheritance",
    "View.materialized": "follows from the relation's kind",
    "Function.standard": "follows from the body",
    "Argument.default": "follows from the defaults",
    "Function.library": "is where the server keeps its files",
    "Function.planner": "its cost and rows are stated; support functions and transforms are not",
    "Extension.version": "is stated as the least",
    "Extension.owner": "cannot be changed",
    "Extension.others": "belongs to the extension",
    "Extension.default_version": "is the server's",
    "DefaultPrivileges.objects": "follows from its name",
    "DefaultPrivileges.role": "follows from its name",
    "DefaultPrivileges.schema": "follows from its name",
    "Role.comment": "is the cluster's, and bears on nothing",
    "Type.multirange": "cannot be changed",
    "DomainCheck.name": "is mostly Postgres's own invention; the expression is compared",
    "DomainCheck.valid": "somebody may validate it at any time",
    "Cast.system": "is none of what can be changed",
}
WHOLE = {"Tablespace": "belongs to the cluster", "Language": "only who may use sql and plpgsql is stated"}


def of(*kinds: str) -> Callable[[Any], bool]:
    return lambda record: record.kind in kinds


def given(field: str) -> Callable[[Any], bool]:
    return lambda record: getattr(record, field) not in {None, ()}


TABLES, KEY = ("table", "partitioned table"), of("FOREIGN KEY")
SAYS_SOMETHING: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(["Relation.persistence", "Relation.rls_enabled", "Relation.rls_forced"], of(*TABLES)),
    "Relation.options": of(*TABLES),
    "Relation.kind": of("view", "materialized view", "foreign table"),  # no table becomes a partitioned one
    "Column.expression": given("generated"),
    "Column.stored": given("stored"),
    **{f"Constraint.{field}": KEY for field in ("match", "on_delete", "on_update", "references", "referenced_columns")},
    "Constraint.on_delete_columns": given("on_delete_columns"),
    "Constraint.columns": lambda key: key.kind not in {"CHECK", "EXCLUDE"},
    "Constraint.expression": of("CHECK"),
    "Constraint.period": of("PRIMARY KEY", "UNIQUE", "FOREIGN KEY"),
    "Constraint.no_inherit": of("CHECK"),
    "Constraint.enforced": of("CHECK", "FOREIGN KEY"),
    "Constraint.definition": of("EXCLUDE"),
    "Constraint.deferrable": lambda key: key.kind not in {"CHECK", "TRIGGER"},
    "Constraint.deferred": lambda key: key.kind not in {"CHECK", "TRIGGER"} and key.deferrable,
    "Constraint.validated": lambda key: key.kind in {"CHECK", "FOREIGN KEY"} and key.validated and key.enforced,
    **{
        f"Index.{field}": lambda index: index.constraint is None and index.valid
        for field in ("columns", "method", "options", "predicate", "unique", "include", "valid")
    },
    "Index.nulls_not_distinct": lambda index: index.constraint is None and index.unique and index.valid,
    "Function.defaults": given("defaults"),
    "Function.aggregate": given("aggregate"),
    "Inheritance.bound": given("bound"),
    "Storage.replica_index": given("replica_index"),
    "Subscription.slot": given("slot"),
    "Trigger.old_table": given("old_table"),
    "Trigger.new_table": given("new_table"),
    "Policy.using": lambda policy: policy.command != "INSERT",
    "Policy.with_check": lambda policy: policy.command not in {"SELECT", "DELETE"},
    "Operator.commutator": given("commutator"),
    "Operator.negator": given("negator"),
    **{f"Operator.{field}": given("returns") for field in ("function", "hashes", "merges", "owner", "comment")},
    "Cast.function": given("function"),
    "Collation.rules": given("rules"),
    "ForeignServer.type": given("type"),
    "ForeignServer.version": given("version"),
    "ForeignDataWrapper.handler": given("handler"),
    "ForeignDataWrapper.validator": given("validator"),
    "Statistics.kinds": given("kinds"),
    "View.populated": lambda view: view.materialized,
    **{
        f"View.{field}": lambda view: not view.materialized
        for field in ("security_barrier", "security_invoker", "check_option")
    },
    "Type.labels": of("enum"),
    "Type.attributes": of("composite"),
    **{f"Type.{field}": of("domain") for field in ("base", "not_null", "default", "checks")},
    "Type.subtype": of("range"),
    **{
        f"Type.{field}": given(field) for field in ("collation", "operator_class", "subtype_diff", "canonical_function")
    },
}
ADDED = {
    "Grant": Grant("nobody_yet", "SELECT", False, "odd_owner"),
    "Membership": Membership("odd_deaf"),
    "Attribute": Attribute("more", "text"),
    "DomainCheck": DomainCheck("more", "(VALUE IS NULL)"),
    "Argument": Argument("in", "more", "text"),
    "UserMapping": UserMapping("odd_deaf"),
    "ColumnOptions": ColumnOptions("b", ("more=1",)),
    "TokenMapping": TokenMapping("email", ("pg_catalog.simple",)),
}
PARTS = ("columns", "constraints", "indexes", "policies", "triggers")
A_FEW = 2
UNTRIED = {
    *("Collation.rules", "ForeignDataWrapper.handler", "Subscription.slot", "Trigger.new_table"),
    *("Type.canonical_function", "Type.operator_class", "Type.subtype_diff"),
}
"""Fields of which no odd object has a value that could be changed."""


def others(label: str, hint: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """Other values of a field, each with the field that differs: the record's own, or one of a record in it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {UnionType, Union}:
        if value is not None:
            yield label, None
        yield from others(label, inner[0], value)
    elif origin is Literal:
        yield label, next(word for word in inner if word != value)
    elif origin is tuple and isinstance(inner[0], type) and is_dataclass(inner[0]):
        if value:
            yield label, value[:-1]
        for k, item in enumerate(value[:2]):
            yield from ((inside, (*value[:k], one, *value[k + 1 :])) for inside, one in changes(item))
        if inner[0].__name__ in ADDED:
            yield label, (*value, ADDED[inner[0].__name__])
    elif origin is tuple:
        yield label, value[:-1] if value else ("added=1",)
    elif origin is not Mapping:
        yield label, {bool: not value, int: (value or 0) + 1 if hint is int else 0, str: f"{value or ''}x"}[hint]


def changes(record: Any) -> Iterator[tuple[str, Any]]:
    """The record with one field changed, in every way, and which field that is."""
    kind: Any = type(record)
    hints, _ = saved._hints(kind)  # noqa: SLF001 - the types of a record's fields, resolved
    for field in fields(record):
        if field.name not in hints:
            continue
        label = f"{type(record).__name__}.{field.name}"
        if label == "Constraint.definition" and record.definition:  # whose end is stated by other fields
            yield label, replace(record, definition=record.definition.replace("(", "(added WITH =, ", 1))
            continue
        for inside, other in others(label, hints[field.name], getattr(record, field.name)):
            yield inside, replace(record, **{field.name: other})


def put(records: Mapping[str, Any], key: str, record: Any) -> dict[str, Any]:
    """The records with another one in a key's place; under its own name, if that changed."""
    name = getattr(record, "signature", None) or record.name
    before = getattr(records[key], "signature", None) or records[key].name
    return {(name if k == key and name != before else k): (record if k == key else one) for k, one in records.items()}


def of_catalog(catalog: Catalog) -> Iterator[tuple[str, str, Any, Callable[[Any], Catalog]]]:
    """Each kind of record, what it is called, the record, and the catalog with another one in its place."""
    yield "", "", catalog.server, lambda one: replace(catalog, server=one)
    for field in fields(catalog):
        found = getattr(catalog, field.name)
        if field.name in {"forms", "unreadable", "tables", "overloads", "server"}:
            continue
        for key, record in found.items():
            yield field.name, key, record, partial(_changed, catalog, field.name, key)
            if field.name == "relations":
                for part in PARTS:
                    yield from _parts(catalog, record, part)


def _changed(catalog: Catalog, name: str, key: str, record: Any) -> Catalog:
    before = getattr(catalog, name)[key]
    same = (getattr(record, "signature", None) or record.name) == (getattr(before, "signature", None) or before.name)
    own = key if same else getattr(record, "signature", None) or record.name
    return catalog.changed({name: {key: None, own: record}})


def _parts(catalog: Catalog, relation: Any, part: str) -> Iterator[tuple[str, str, Any, Callable[[Any], Catalog]]]:
    for key, record in getattr(relation, part).items():

        def made(one: Any, key: str = key) -> Catalog:
            changed = replace(relation, **{part: put(getattr(relation, part), key, one)})
            return catalog.changed({"relations": {relation.name: changed}})

        yield part, f"{relation.name}.{key}", record, made


def is_stated(catalog: Catalog, field: str, key: str, record: Any) -> bool:
    """Whether the inventory speaks of the object at all."""
    kind = type(record).__name__
    if kind in WHOLE or getattr(record, "of_a_range", False) or key == "plpgsql":
        return False
    if kind in OWN_RULE:
        return OWN_RULE[kind](catalog, key, record)
    goes_with_another = {"View", "Partitioning", "Inheritance", "Storage", "ForeignTable", "Rule"}
    return field in {"", *PARTS} or kind in goes_with_another or Scope().holds(catalog, record)


def _column(catalog: Catalog, key: str, record: Any) -> bool:
    """A view's are as its query makes them."""
    relation = next(one for one in catalog.relations.values() if key == f"{one.name}.{record.name}")
    return relation.kind not in {"view", "materialized view"}


OWN_RULE: Mapping[str, Callable[[Catalog, str, Any], bool]] = {
    "Column": _column,
    "Role": lambda _catalog, _key, role: not role.superuser and not role.name.startswith("pg_"),
    "Type": lambda catalog, _key, one: one.kind not in {"multirange", "shell"} and Scope().holds(catalog, one),
    "Sequence": lambda catalog, _key, one: not of_identity(catalog, one),
}


def labels_of(kind: Any) -> list[str]:
    """What is to be tried of a kind of record."""
    labels = (f"{kind.__name__}.{field.name}" for field in fields(kind) if field.name != "extension")
    return [label for label in labels if label not in NOT_STATED]


def breaks(expectation: Expectation, catalog: Catalog) -> bool:
    try:
        return next(iter(expectation.check(catalog)), None) is not None  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - what it needs is missing: a failure of its own
        return True


def test_every_field_is_stated(odd: Callable[[int], Catalog]) -> None:
    catalog = odd(18)
    suite = [(repr(expectation), expectation) for expectation in inventory(catalog)]
    assert not [text for text, expectation in suite if breaks(expectation, catalog)]
    tried: Counter[str] = Counter()
    survived: dict[str, list[str]] = defaultdict(list)
    for field, key, record, made in of_catalog(catalog):
        if not is_stated(catalog, field, key, record):
            continue
        word = re.split(r"[./]", key.partition("(")[0])[-1].strip('"').replace("'", "")[:20]
        if all(tried[label] >= A_FEW for label in labels_of(type(record))):
            continue
        whole = key.rpartition(".")[0] if field in PARTS else key
        near = [one for text, one in suite if word in text and whole in text]
        near += [one for text, one in suite if word in text and whole not in text]
        for label, changed in changes(record):
            if label in NOT_STATED or label.endswith(".extension") or tried[label] >= A_FEW:
                continue
            if label in SAYS_SOMETHING and not SAYS_SOMETHING[label](record):
                continue
            tried[label] += 1
            other = made(changed)
            if not any(breaks(one, other) for one in near) and not any(breaks(one, other) for _, one in suite):
                survived[label].append(key)
    assert dict(survived) == {}
    known = {label for _, _, record, _ in of_catalog(catalog) for label, _ in changes(record)}
    left = {label for label in known if not tried[label]} - set(NOT_STATED)
    assert {label for label in left if not label.endswith(".extension") and label.split(".")[0] not in WHOLE} == UNTRIED


def test_what_is_not_stated_is_there(odd: Callable[[int], Catalog]) -> None:
    """So that the list of exceptions does not outlive the fields."""
    labels = {label for _, _, record, _ in of_catalog(odd(18)) for label, _ in changes(record)}
    assert {label for label in NOT_STATED if "." in label} <= labels
