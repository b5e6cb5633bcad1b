"""Taking stock: the contract that a database keeps as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract._version import __version__
from pgcontract.contract.suite import Suite
from pgcontract.lifecycle.inventory import databases, functions, others, relations, sequences, types, worlds
from pgcontract.lifecycle.inventory.frame import Level, Source
from pgcontract.lifecycle.inventory.named import named_roles, with_members
from pgcontract.lifecycle.scope import Scope
from pgcontract.making import many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation

__all__ = ["Level", "heading", "inventory"]


def inventory(catalog: Catalog, scope: Scope = Scope(), *, level: Level = "full", name: str | None = None) -> Suite:  # noqa: B008 - a value
    """The suite that states all that expectations can state of what is in scope; the database keeps it as it is.

    Everything is said as Postgres itself writes it, so that verifying needs no question to the server; in the order in
    which it could be made, and by name within a noun, so that two runs give the same suite. What the role may not read
    is not stated.

    Args:
        catalog: The database.
        scope: Which of its objects.
        level: How much of each: `tables` names the relations, `columns` states their columns too, `full` all.
        name: What the suite is called; the database's name unless it is given.
    """
    source = Source(catalog, scope, level)
    with many():
        return Suite(name or catalog.server.name, _stated(source))


def heading(catalog: Catalog, scope: Scope, level: Level = "full") -> Iterator[str]:
    """What a contract's file says at its top of how it came about, a line each; the same for the same database."""
    by = f"`pgcontract inventory` {__version__} from PostgreSQL {catalog.server.version}"
    yield f"What the database held, written by {by}."
    parts = {"schema": scope.schemas, "only": scope.only, "exclude": scope.exclude}
    chosen = [f"--{option} {_in_line(value)}" for option, values in parts.items() for value in values]
    if level != "full":
        chosen.append(f"--level {level}")
    if chosen:
        yield f"Only a part of it: {' '.join(chosen)}"
    for why in sorted({str(reason) for reason in catalog.unreadable.values()}):
        yield f"Not stated: {_in_line(why)}"


def _in_line(text: str) -> str:
    """A text that ends no comment."""
    return text if text.isprintable() else repr(text)


def _stated(source: Source) -> Iterator[Expectation]:
    if source.level != "full":
        yield from databases.schemas(source)
        yield from worlds.worlds(source)
        yield from relations.relations(source)
        return
    body = list(_body(source))
    yield from databases.database(source)
    yield from databases.roles(source, with_members(source.catalog, named_roles(body)))
    yield from body


def _body(source: Source) -> Iterator[Expectation]:
    yield from databases.schemas(source)
    yield from databases.extensions(source)
    yield from databases.languages(source)
    yield from worlds.worlds(source)
    yield from types.collations(source)
    yield from types.types(source)
    yield from sequences.sequences(source)
    yield from others.foreign_data(source)
    yield from relations.relations(source)
    yield from functions.functions(source)
    yield from types.casts(source)
    yield from types.operators(source)
    yield from types.operator_classes(source)
    yield from others.statistics(source)
    yield from others.text_search(source)
    yield from others.publications(source)
    yield from others.subscriptions(source)
    yield from others.event_triggers(source)
    yield from databases.default_privileges(source)
