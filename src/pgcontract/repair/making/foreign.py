"""Foreign data wrappers, servers and foreign tables that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.foreign_data_wrappers import ForeignDataWrapper
from pgcontract.catalog.foreign_servers import ForeignServer
from pgcontract.catalog.foreign_tables import ForeignTable
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.relations import Relation
from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.guarded import unless
from pgcontract.names import literal, quote
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.columns import names, wanted
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.columns import Column
    from pgcontract.expectations.foreign_data_wrappers import ForeignDataWrapperPresent
    from pgcontract.expectations.foreign_servers import ForeignServerPresent
    from pgcontract.repair.context import Context


def _valued(texts: Iterable[str]) -> tuple[str, ...]:
    """The options whose values are said."""
    return tuple(text for text in texts if "=" in text)


def _options(texts: Iterable[str]) -> str:
    parts = (text.partition("=") for text in _valued(texts))
    said = ", ".join(f"{quote(name)} {literal(value)}" for name, _, value in parts)
    return f" options ({said})" if said else ""


def _own(context: Context) -> tuple[Grant, ...]:
    return (Grant(context.user, "USAGE", False, context.user),)


def wrapper(expectation: ForeignDataWrapperPresent, context: Context) -> Draft | None:
    """The foreign data wrapper, where it is missing."""
    said = expectation
    if context.world.get("foreign_data_wrappers", said.name) is not None:
        return None
    record = ForeignDataWrapper(
        said.name, context.user, said.handler, said.validator, _valued(said.options), grants=_own(context)
    )
    context.world.put("foreign_data_wrappers", said.name, record)
    functions = "".join(
        f" {word} {name}" for word, name in (("handler", said.handler), ("validator", said.validator)) if name
    )
    sql = f"create foreign data wrapper {quote(said.name)}{functions}{_options(said.options)};"
    there = f"pg_catalog.pg_foreign_data_wrapper where fdwname = {literal(said.name)}"
    return Draft((Repair(unless(sql, there)),))


def server(expectation: ForeignServerPresent, context: Context) -> Draft | None:
    """The foreign server, where it is missing.

    Raises:
        NotSaidError: Its foreign data wrapper is not said.
    """
    said = expectation
    if context.world.get("foreign_servers", said.name) is not None:
        return None
    if said.wrapper is None:
        raise NotSaidError(f"the contract does not say the foreign data wrapper of the server {quote(said.name)}")
    if context.world.get("foreign_data_wrappers", said.wrapper) is None and not context.new_extensions():
        raise NotSaidError(f"its foreign data wrapper {quote(said.wrapper)} is missing")
    record = ForeignServer(
        said.name, said.wrapper, context.user, said.type, said.version, _valued(said.options), grants=_own(context)
    )
    context.world.put("foreign_servers", said.name, record)
    kind = f" type {literal(said.type)}" if said.type is not None else ""
    version = f" version {literal(said.version)}" if said.version is not None else ""
    wrapped = f" foreign data wrapper {quote(said.wrapper)}"
    sql = f"create server if not exists {quote(said.name)}{kind}{version}{wrapped}{_options(said.options)};"
    return Draft((Repair(sql),), needs=())


def table(context: Context, name: str) -> Draft | None:
    """The foreign table, where it is missing.

    Raises:
        NotSaidError: Its server is not said.
    """
    on = context.said.value(ForeignTableExists, "server", "table", name)
    if on is None:
        raise NotSaidError(f"the contract does not say the server of the foreign table {name}")
    if context.world.get("foreign_servers", on) is None:
        return None
    options = [option for each in context.said.of(ForeignTableExists, "table", name) for option in each.options]
    columns: dict[str, Column] = {}
    definitions = []
    for column in names(context, name):
        try:
            found = wanted(context, name, column, len(columns) + 1)
        except NotSaidError:  # it stays missing, which is said
            continue
        columns[column] = found.record
        definitions.append(found.sql)
    grants = context.world.grants("tables", context.user, name)
    context.world.put("relations", name, Relation(name, "foreign table", context.user, columns, grants=grants))
    context.world.put("foreign_tables", name, ForeignTable(name, on, _valued(options)))
    sql = f"create foreign table if not exists {name} ({', '.join(definitions)}) server {quote(on)}{_options(options)};"
    return Draft((Repair(sql),), makes=(name,))
