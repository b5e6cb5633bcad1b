"""Composites with other attributes than the contract says, where plain ALTERs do not get there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.types import Attribute
from pgcontract.expectations.columns import ColumnDefault
from pgcontract.expectations.guarded import block, unless
from pgcontract.names import literal, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.holding import AS_TEXT, Held, Way, held, made_of, put_away
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.catalog.types import Type
    from pgcontract.expectations.composites import CompositeAttributes
    from pgcontract.repair.context import Context


def altered(expectation: CompositeAttributes, context: Context) -> Draft | None:
    """The attributes in their order, and with their types; None where the findings' own repairs get there.

    Postgres adds an attribute as the last one: those that stand behind it are dropped and added again. Columns that
    hold the composite hold one with the right attributes meanwhile; where only a type changes, they hold a text.

    Raises:
        NotSaidError: The order is another, and a column holds the composite within another type; or something hangs
            on a column that cannot be made again.
    """
    there: Type | None = context.world.get("types", expectation.type)
    if there is None or there.kind != "composite":
        return None
    attributes = _attributes(expectation, context)
    wanted = {each.name: _said(each) for each in attributes}
    observed = {each.name: _said(each) for each in there.attributes}
    added = [*(name for name in observed if name in wanted), *(name for name in wanted if name not in observed)]
    retyped = [name for name in wanted if wanted[name] != observed.get(name, wanted[name])]
    kinds = {there.name, *made_of(context.world.catalog, {there.name})}
    columns = held(context, kinds)
    if added == list(wanted) and not (retyped and columns):
        return None
    for each in attributes:
        context.require_type(each.type)
    if added == list(wanted):
        steps = _retyped(context, there, wanted, retyped)
    elif any(each.column.type != there.name for each in columns):
        raise NotSaidError(f"a column holds {there.name} within another type: make the type anew by hand")
    else:
        steps = _reordered(context, there, wanted, moved=bool(columns))
    context.world.put("types", there.name, replace(there, attributes=attributes))
    context.world.bare.add(split(there.name)[-1])  # values of it may not be understood until then
    needs = tuple(each.type.removesuffix("[]") for each in attributes if "." in each.type)
    return Draft(steps, needs=needs, main=f"alter type {there.name} add attribute;")


def _attributes(expectation: CompositeAttributes, context: Context) -> tuple[Attribute, ...]:
    """What the contract says of each."""
    collations = expectation.meant(context.world.catalog)
    pairs = zip(expectation.attributes, expectation.forms(), strict=True)
    return tuple(Attribute(name, context.own(form), collations.get(name)) for (name, _), form in pairs)


def _said(attribute: Attribute) -> str:
    """The type as it stands in `ADD ATTRIBUTE`, with the collation."""
    return attribute.type + (f" collate {attribute.collation}" if attribute.collation else "")


def _retyped(context: Context, there: Type, wanted: dict[str, str], retyped: Sequence[str]) -> tuple[Repair, ...]:
    """The attributes of another type, while columns hold a text."""
    observed = {each.name for each in there.attributes}
    parts = [f"alter attribute {quote(name)} set data type {wanted[name]}" for name in retyped]
    parts += [f"add attribute {quote(name)} {kind}" for name, kind in wanted.items() if name not in observed]
    change = Repair(_until(f"alter type {there.name} {', '.join(parts)};", there.name, wanted))
    kinds = {there.name, *made_of(context.world.catalog, {there.name})}
    return put_away(context, kinds, [change], lambda sql: _until(sql, there.name, wanted), AS_TEXT)


def _reordered(context: Context, there: Type, wanted: dict[str, str], *, moved: bool) -> tuple[Repair, ...]:
    """The attributes in their order; where columns hold the composite, they hold a new one with the same meanwhile."""
    change = [Repair(_remade(there, wanted))]
    if not moved:
        return tuple(change)
    schema, own = split(there.name)
    new = f"{quote(schema)}.{quote(f'{own[:50]}_new')}"
    listed = ", ".join(f"{quote(name)} {kind}" for name, kind in wanted.items())
    known = {each.name for each in there.attributes}
    kept = {name: f"%s.{quote(name)}::{kind}" if name in known else f"null::{kind}" for name, kind in wanted.items()}
    whole = {name: f"%s.{quote(name)}" for name in wanted}
    way = Way(
        new, lambda column, _: _row(column, kept, new), lambda column, kind: _row(column, whole, kind), defaults=False
    )
    for each in held(context, {there.name}):
        _released_default(context, each)
    make = Repair(unless(f"create type {new} as ({listed});", _type(new)))
    drop = Repair(f"drop type if exists {new};")
    return (make, *put_away(context, {there.name}, change, lambda sql: _until(sql, there.name, wanted), way), drop)


def _released_default(context: Context, each: Held) -> None:
    """Let the contract say the default anew, which is a value with other attributes.

    Raises:
        NotSaidError: It says none.
    """
    table, name = each.relation.name, each.column.name
    if each.column.default is None:
        return
    if not context.said.has(ColumnDefault, "table", table, column=name):
        raise NotSaidError(f"the contract does not say the default of {table}.{quote(name)}, which holds it")
    relation = context.world.get("relations", table)
    column = replace(each.column, default=None)
    context.world.put("relations", table, replace(relation, columns={**relation.columns, name: column}))


def _row(column: str, parts: dict[str, str], kind: str) -> str:
    """The composite's value, attribute by attribute; one that is null as a whole stays so."""
    values = ", ".join(part.replace("%s", f"({column})", 1) for part in parts.values())
    return f"case when {column} is distinct from null then row({values})::{kind} end"


def _type(name: str) -> str:
    return f"pg_catalog.pg_type where oid = pg_catalog.to_regtype({literal(name)})"


def _remade(there: Type, wanted: dict[str, str]) -> str:
    """The block that drops what stands in the way and adds it behind, each attribute with the comment that it had."""
    fitting = _fitting(there, wanted)
    parts = [f"drop attribute if exists {quote(each.name)}" for each in there.attributes[fitting:]]
    parts += [f"add attribute {quote(name)} {wanted[name]}" for name in list(wanted)[fitting:]]
    on = f"comment on column {there.name.replace('%', '%%')}.%I is %L"
    comments = (
        f"select pg_catalog.format({literal(on)}, a.attname, d.description) from pg_catalog.pg_type as t"
        " join pg_catalog.pg_attribute as a on a.attrelid = t.typrelid"
        " join pg_catalog.pg_description as d on d.objoid = a.attrelid and d.objsubid = a.attnum"
        f" where t.oid = {literal(there.name)}::pg_catalog.regtype and d.classoid = 'pg_catalog.pg_class'::"
        f"pg_catalog.regclass and a.attname in ({', '.join(map(literal, wanted))})"
    )
    return block(
        f"declare said pg_catalog.text[] := array({comments}); one pg_catalog.text;"
        f" begin if not exists (select from {_as_wanted(there.name, wanted)}) then"
        f" alter type {there.name} {', '.join(parts)};"
        " foreach one in array said loop execute one; end loop; end if; end"
    )


def _fitting(there: Type, wanted: dict[str, str]) -> int:
    """How many attributes stay as they are, from the first on; the others are added again."""
    pairs = zip(there.attributes, wanted, strict=False)
    other = (k for k, (each, name) in enumerate(pairs) if (each.name, _said(each)) != (name, wanted[name]))
    return next(other, min(len(there.attributes), len(wanted)))


def _until(sql: str, name: str, wanted: dict[str, str]) -> str:
    """The statement, to be run while the attributes are others."""
    return unless(sql, _as_wanted(name, wanted))


def _as_wanted(name: str, wanted: dict[str, str]) -> str:
    """A row where the type has the attributes that are wanted, in whatever schemas names are looked up."""
    said = ", ".join(_identified(each, *kind.partition(" collate ")[::2]) for each, kind in wanted.items())
    modifier = "pg_catalog.substring(pg_catalog.format_type(a.atttypid, a.atttypmod), '[(][0-9, -]+[)]')"
    kind = "a.atttypid::pg_catalog.text || ' ' || a.attcollation::pg_catalog.text"
    each = f"a.attname || ' ' || {kind} || coalesce({modifier}, '')"
    return (
        f"pg_catalog.pg_type as t where t.oid = {literal(name)}::pg_catalog.regtype and array(select {each}"
        " from pg_catalog.pg_attribute as a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped"
        f" order by a.attnum) = array[{said}]::pg_catalog.text[]"
    )


def _identified(name: str, kind: str, collation: str) -> str:
    """An attribute as text, by the numbers of its type and collation."""
    of_kind = f"pg_catalog.to_regtype({literal(kind)})"
    own = f"(select k.typcollation::pg_catalog.text from pg_catalog.pg_type as k where k.oid = {of_kind})"
    collated = (
        f"pg_catalog.to_regcollation({literal(collation)})::pg_catalog.oid::pg_catalog.text" if collation else own
    )
    modifier = literal("".join(_MODIFIER.findall(kind)))
    return f"{literal(name)} || ' ' || {of_kind}::pg_catalog.oid::pg_catalog.text || ' ' || {collated} || {modifier}"


_MODIFIER = re.compile(r"[(][0-9, -]+[)]")
