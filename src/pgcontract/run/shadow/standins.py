"""What stands in a shadow for that which reaches outside: functions that do nothing, tables that are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effects import Effects
from pgcontract.catalog.links import Node
from pgcontract.catalog.outside import is_outward
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function

FDW = "foreign data wrapper"


def outward(catalog: Catalog) -> dict[str, Function]:
    """The functions that reach outside by themselves, by signature."""
    effects = Effects(catalog)
    return {
        signature: function
        for signature, function in catalog.functions.items()
        if effects.reaches_outside(Node("function", signature)) is not None
        and function.kind in {"function", "procedure"}
    }


def of_extension(catalog: Catalog, extension: str, schema: str) -> Iterator[str]:
    """The types and functions of an extension that cannot be had, or had better not: the functions do nothing."""
    yield f"create schema if not exists {quote(schema)};"
    for kind in catalog.types.values():
        if kind.extension == extension and kind.kind == "composite":
            attributes = ", ".join(f"{quote(one.name)} {one.type}" for one in kind.attributes)
            yield f"create type {kind.name} as ({attributes});"
    for function in catalog.functions.values():
        if function.extension == extension and function.kind in {"function", "procedure"}:
            yield f"{created(function)};"


def created(function: Function) -> str:
    """The statement that makes a function of the same signature that does nothing."""
    arguments = ", ".join(
        f"{one.mode} {f'{quote(one.name)} ' if one.name else ''}{one.type}{' default null' if one.default else ''}"
        for one in function.arguments
        if one.mode != "table"
    )
    returns = f" returns {function.returns}" if function.kind == "function" and function.returns else ""
    return f"create {function.kind} {function.name}({arguments}){returns} language plpgsql as {literal(body(function))}"


def emptied(function: Function) -> str:
    """The statement by which a function that is there, with its rights and defaults, does nothing any more."""
    return (
        "update pg_catalog.pg_proc set prolang = (select oid from pg_catalog.pg_language where lanname = 'plpgsql'), "
        f"prosrc = {literal(body(function))}, probin = null, prosqlbody = null "
        f"where oid = {literal(function.signature)}::pg_catalog.regprocedure"
    )


def body(function: Function) -> str:
    """A body in PL/pgSQL that does nothing: a trigger lets the row through, anything else gives NULL or no row."""
    if function.returns == "trigger":
        return "begin if tg_op = 'DELETE' then return old; end if; return new; end"
    plain = not any(one.mode in {"out", "inout", "table"} for one in function.arguments)
    gives = plain and function.kind == "function" and function.returns not in {None, "void", "event_trigger"}
    if gives and not str(function.returns).lower().startswith("setof "):
        return "begin return null; end"
    return "begin end"


def table(catalog: Catalog, name: str) -> str:
    """The statements that make a plain, empty table in place of a foreign one."""
    relation = catalog.relations[name]
    columns = ", ".join(
        f"{quote(one.name)} {one.type}{' not null' if one.not_null else ''}" for one in relation.columns.values()
    )
    return f"create table {name} ({columns});\nalter table {name} owner to {quote(relation.owner)};\n"


def is_left_out(name: str) -> bool:
    """Whether an extension is not made in a shadow, since it is there to reach outside."""
    return is_outward(name)
