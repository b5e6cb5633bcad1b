"""Enums with a label too many, or in another order: made anew, and what holds them, or takes them, with them.

Postgres neither drops nor moves a label. A row that holds one which is to go makes the change fail: nothing is lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.uses import uses
from pgcontract.expectations.function_bodies import create_or_replace
from pgcontract.expectations.guarded import unless, where
from pgcontract.names import literal, quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.dependents import around
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.holding import made_of, put_away
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.types import Type
    from pgcontract.expectations.types import EnumLabels
    from pgcontract.repair.context import Context

_BY_HAND = "make the type anew by hand"


def remade(expectation: EnumLabels, context: Context) -> Draft | None:
    """The enum with just the labels that the contract says, where none can be added to get there.

    The values of the columns that hold it are text meanwhile, and taken back: each table is rewritten twice.

    Raises:
        NotSaidError: Something is made of it that cannot be made again.
    """
    name, labels = expectation.type, tuple(expectation.labels)
    there: Type | None = context.world.get("types", name)
    kept = () if there is None else tuple(label for label in there.labels if label in labels)
    if there is None or there.kind != "enum" or (kept == there.labels and _in_order(kept, labels)):
        return None
    catalog = context.world.catalog
    _require_able(catalog, name)
    schema, own = split(name)
    old = f"{quote(schema)}.{quote(f'{own[:50]}_was')}"
    other = _other_labels(name, labels)
    takers = [function for function in catalog.functions.values() if _takes(function, name)]
    change = [
        *(Repair(where(f"drop routine if exists {each.signature};", other), "changes access") for each in takers),
        Repair(where(f"alter type {name} rename to {quote(split(old)[1])};", other)),
        *_created(context, there, labels),
        *(Repair(sql) for sql in _attributes(catalog, name)),
        *(Repair(sql, "changes access") for each in takers for sql in _again(context, each)),
    ]
    kinds = {name, f"{name}[]"} | made_of(catalog, {name})
    steps = put_away(context, kinds, change, lambda sql: where(sql, other))
    for each in takers:
        steps = around(context, steps, function=each.name)
    _require_unspoken(name, set(there.labels) - set(labels), steps)
    last = Repair(where(f"drop type {old};", _exists(old)))
    context.world.put("types", name, replace(there, labels=labels))
    whole = tuple(dict.fromkeys((*steps, last)))
    return Draft(whole, makes=(name,), main=f"create type {name} as enum ();")


def _in_order(kept: tuple[str, ...], labels: tuple[str, ...]) -> bool:
    return kept == tuple(label for label in labels if label in kept)


def _exists(name: str) -> str:
    return f"pg_catalog.pg_type where oid = pg_catalog.to_regtype({literal(name)})"


def _other_labels(name: str, labels: tuple[str, ...]) -> str:
    """A row while the type has other labels."""
    array = f"array[{', '.join(map(literal, labels))}]::pg_catalog.text[]"
    return (
        "(select pg_catalog.array_agg(e.enumlabel::pg_catalog.text order by e.enumsortorder) as labels"
        f" from pg_catalog.pg_enum as e where e.enumtypid = pg_catalog.to_regtype({literal(name)})) as l"
        f" where l.labels is distinct from {array}"
    )


def _created(context: Context, there: Type, labels: tuple[str, ...]) -> Iterator[Repair]:
    """The type with what belongs to it."""
    name, listed = there.name, ", ".join(map(literal, labels))
    yield Repair(unless(f"create type {name} as enum ({listed});", _exists(name)))
    yield from (Repair(sql) for sql in ddl.grants(f"type {name}", there.grants, there.owner))
    if there.owner != context.user:
        yield Repair(f"alter type {name} owner to {quote(there.owner)};")
    yield from (Repair(sql) for sql in ddl.described(f"type {name}", there.comment))


def _attributes(catalog: Catalog, name: str) -> Iterator[str]:
    """What gives the attributes of composite types the new type in the place of the old one."""
    for each in catalog.types.values():
        for attribute in each.attributes:
            if attribute.type in {name, f"{name}[]"}:
                yield f"alter type {each.name} alter attribute {quote(attribute.name)} set data type {attribute.type};"


def _takes(function: Function, name: str) -> bool:
    kinds = {name, f"{name}[]"}
    parts = {argument.type for argument in function.arguments} | {*function.types, function.returns or ""}
    return bool(kinds & parts) or any(split(name) == used for used in uses(function.returns or "").names)


def _again(context: Context, function: Function) -> Iterator[str]:
    """The function as it was, with what belongs to it.

    Raises:
        NotSaidError: Its definition is not in the catalog.
    """
    if function.kind in {"aggregate", "window"} or function.language in {"c", "internal"} or function.source is None:
        raise NotSaidError(f"the {function.kind} {function.signature} takes it: {_BY_HAND}")
    words = f"routine {function.signature}"
    yield create_or_replace(function, function.source)
    if function.owner != context.user:
        yield f"alter {words} owner to {ddl.role(function.owner)};"
    kept = {(grant.grantee, grant.privilege) for grant in function.grants}
    for each in context.world.grants("functions", function.owner, function.name):
        if (each.grantee, each.privilege) not in kept:
            yield f"revoke execute on {words} from {ddl.role(each.grantee)};"
    yield from ddl.grants(words, function.grants, function.owner)
    yield from ddl.described(words, function.comment)


def _require_able(catalog: Catalog, name: str) -> None:
    kinds = {name, f"{name}[]"}
    for other in catalog.types.values():
        if other.base in kinds or other.subtype in kinds:
            raise NotSaidError(f"the type {other.name} is made of it: {_BY_HAND}")
    if any(kinds & {cast.source, cast.target} for cast in catalog.casts.values()):
        raise NotSaidError(f"there is a cast of it: {_BY_HAND}")
    if any(kinds & {operator.left, operator.right} for operator in catalog.operators.values()):
        raise NotSaidError(f"there is an operator on it: {_BY_HAND}")
    for relation in catalog.relations.values():
        for column in relation.columns.values():
            if column.type in kinds and relation.kind == "foreign table":
                raise NotSaidError(f"the foreign table {relation.name} holds it: {_BY_HAND}")
            if column.expression is not None and name in column.expression:
                raise NotSaidError(f"{relation.name}.{quote(column.name)} is computed by it: {_BY_HAND}")


def _require_unspoken(name: str, gone: set[str], steps: tuple[Repair, ...]) -> None:
    for label in sorted(gone):
        if any(f"{literal(label)}::{name}" in step.sql for step in steps):
            raise NotSaidError(f"something speaks of the label {literal(label)}: {_BY_HAND}")
