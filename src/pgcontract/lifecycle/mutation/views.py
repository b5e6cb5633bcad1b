"""Mutants of views and materialised views: dropped, renamed, selecting something else, with other rights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.named import relation_word
from pgcontract.lifecycle.mutation.renaming import everywhere, renamed
from pgcontract.names import qualified, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.views import View
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("view")
_INVOKER_SINCE = 150000


@KINDS.kind(
    "ViewDropped", "a view is dropped, and what reads it", unlike="what goes along is told by the names in texts"
)
def _dropped(world: World) -> Iterator[Change]:
    for relation, _ in own(world):
        edit = world.edit()
        Dropping(edit, world).relation(relation.name)
        yield _change(relation, "is dropped", edit, f"drop {relation_word(relation.kind)} {relation.name} cascade")


@KINDS.kind("ViewRenamed", "a view gets another name", unlike="aliases in the queries that read it")
def _name_changed(world: World) -> Iterator[Change]:
    for relation, _ in own(world):
        schema, name = split(relation.name)
        new, edit = renamed(name), world.edit()
        everywhere(edit, world, relation.name, qualified(schema, new), bare=True)
        ddl = f"alter {relation_word(relation.kind)} {relation.name} rename to {quote(new)}"
        yield _change(relation, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("ViewRedefined", "a view shows no rows any more", unlike="the layout of the query's text")
def _redefined(world: World) -> Iterator[Change]:
    for relation, view in own(world):
        if not view.materialized and view.check_option is None:
            edit, query = world.edit(), f"SELECT {_columns(relation)} FROM ( {view.definition}) mutant LIMIT 0"
            edit.alter("views", relation.name, definition=query)
            options = f" with ({', '.join(relation.options)})" if relation.options else ""
            ddl = f"create or replace view {relation.name}{options} as {query}"
            yield _change(relation, "shows nothing", edit, ddl)


def _columns(relation: Relation) -> str:
    return ", ".join(map(quote, relation.columns))


@KINDS.kind("ViewInvokerChanged", "with whose rights a view reads its tables changes (from version 15)")
def _invoker(world: World) -> Iterator[Change]:
    for relation, view in own(world):
        if not view.materialized and world.version >= _INVOKER_SINCE:
            other = not view.security_invoker
            words = "reads with the rights of whoever asks" if other else "reads with its owner's rights"
            yield _option(world, relation, "security_invoker", other, words)


@KINDS.kind("ViewBarrierChanged", "whether conditions may see rows that a view leaves out changes")
def _barrier(world: World) -> Iterator[Change]:
    for relation, view in own(world):
        if not view.materialized:
            other = not view.security_barrier
            words = "is a security barrier" if other else "is no security barrier"
            yield _option(world, relation, "security_barrier", other, words)


def _option(world: World, relation: Relation, name: str, on: bool, words: str) -> Change:  # noqa: FBT001 - a value
    edit, left = world.edit(), tuple(one for one in relation.options if not one.startswith(f"{name}="))
    edit.alter("views", relation.name, **{name: on})
    edit.alter("relations", relation.name, options=tuple(sorted((*left, f"{name}=true"))) if on else left)
    action = f"set ({name} = true)" if on else f"reset ({name})"
    return _change(relation, words, edit, f"alter view {relation.name} {action}")


@KINDS.kind("ViewCheckOptionLost", "rows that a view would not show can be written through it")
def _check_option(world: World) -> Iterator[Change]:
    for relation, view in own(world):
        if view.check_option is not None:
            edit = world.edit()
            left = tuple(one for one in relation.options if not one.startswith("check_option="))
            edit.alter("views", relation.name, check_option=None)
            edit.alter("relations", relation.name, options=left)
            ddl = f"alter view {relation.name} reset (check_option)"
            yield _change(relation, "loses its CHECK OPTION", edit, ddl)


@KINDS.kind(
    "MaterializedViewEmptied", "a materialised view cannot be read until it is refreshed", noun="materialized view"
)
def _emptied(world: World) -> Iterator[Change]:
    for relation, view in own(world):
        if view.materialized and view.populated:
            edit = world.edit()
            edit.alter("views", relation.name, populated=False)
            ddl = f"refresh materialized view {relation.name} with no data"
            yield _change(relation, "is emptied", edit, ddl)


@KINDS.kind("ViewDefaultAdded", "a view's column gets a default")
def _default_added(world: World) -> Iterator[Change]:
    for relation, view in own(world):
        column = next((one for one in relation.columns.values() if one.type == "integer" and one.default is None), None)
        if column is not None and not view.materialized:
            edit = world.edit()
            edit.part(relation.name, "columns", column.name, replace(column, default="4711"))
            ddl = f"alter view {relation.name} alter column {quote(column.name)} set default 4711"
            yield _change(relation, f"has the default 4711 in {quote(column.name)}", edit, ddl)


def own(world: World) -> Iterator[tuple[Relation, View]]:
    """The views in scope."""
    for relation in world.relations:
        view = world.catalog.views.get(relation.name)
        if view is not None:
            yield relation, view


def _change(relation: Relation, said: str, edit: Any, *ddl: str) -> Change:
    return Change(relation.name, f"{relation.kind} {relation.name} {said}", edit, ddl, relation.name)
