"""Views and materialised views that are missing, or give other columns than the contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.columns import Column
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.uses import uses
from pgcontract.catalog.view_forms import ViewForm
from pgcontract.catalog.views import View, query_of
from pgcontract.expectations.acls import AclIs
from pgcontract.expectations.column_kinds import ColumnKindsAre
from pgcontract.expectations.columns import ColumnDefault, ColumnType
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.views import ViewExists
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.dependents import around
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.columns import names
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import RelationKind
    from pgcontract.repair.context import Context

_CHECKED = ("LOCAL", "CASCADED")


def made(expectation: ViewExists, context: Context) -> Draft | None:
    """The view, where it is missing or must be dropped to be made as the contract says."""
    relation = context.world.get("relations", expectation.view)
    if relation is None:
        return created(context, expectation.view)
    view = context.world.get("views", expectation.view)
    if view is None or expectation.definition is None or view.materialized != expectation.materialized:
        return None
    wanted = context.own(ViewForm(expectation.definition, expectation.view))
    found = expectation.check(context.world.catalog)
    if wanted == view.definition:
        return None
    if any(finding.repair and finding.expected == wanted for finding in found):
        context.world.bare.update(part for name in uses(wanted).names for part in name)  # it may give more columns
        return None
    return _anew(context, relation, replace(view, definition=wanted))


def created(context: Context, name: str) -> Draft:
    """The statement that makes a view which is missing.

    Raises:
        NotSaidError: The contract does not say what it selects.
    """
    said = context.said
    definition = said.value(ViewExists, "definition", "view", name)
    if definition is None:
        raise NotSaidError(f"the contract does not say what {name} selects")
    materialized = any(each.materialized for each in said.of(ViewExists, "view", name))
    own = query_of(context.own(ViewForm(definition, name)))
    flags = {
        word: bool(said.value(ViewExists, word, "view", name)) for word in ("security_invoker", "security_barrier")
    }
    option = said.value(ViewExists, "check_option", "view", name)
    checked = option if option in _CHECKED else None
    populated = said.value(ViewExists, "populated", "view", name) is not False
    view = View(name, own, materialized, check_option=checked, populated=populated, **flags)
    settings = [f"{word}=true" for word, on in flags.items() if on]
    settings += [f"check_option={checked.lower()}"] if checked else []
    settings += said.value(ViewExists, "parameters", "view", name) or ()
    context.world.put("views", name, view)
    context.world.put("relations", name, _relation(context, view, settings))
    return Draft((Repair(ddl.view(view, settings)),), makes=(name,))


def _relation(context: Context, view: View, settings: list[str]) -> Relation:
    """The view as a relation; what columns it gives is known as far as the contract says it."""
    kind: RelationKind = "materialized view" if view.materialized else "view"
    columns = {column.name: column for column in _columns(context, view.name)}
    grants = context.world.grants("tables", context.user, view.name)
    return Relation(view.name, kind, context.user, columns, options=tuple(settings), grants=grants)


def _columns(context: Context, name: str) -> Iterator[Column]:
    spoken = dict.fromkeys([*names(context, name), *_spoken(context, name)])
    for place, column in enumerate(spoken, 1):
        kind = next(context.said.of(ColumnType, "table", name, column=column), None)
        types = [] if kind is None else list(map(context.own, kind.forms()))
        yield Column(column, place, types[0] if types else "text")


def _spoken(context: Context, name: str) -> Iterator[str]:
    """The columns that the contract speaks of without saying that they exist."""
    for index in context.said.of(IndexPresent, "table", name):
        for key in index.columns:
            found = [part for used in uses(key).names for part in used]
            yield from found[:1]
    for comment in context.said.of(CommentIs, "of", name, noun="column"):
        yield comment.name
    for acl in context.said.of(AclIs, "name", name):
        yield from acl.columns
    for kinds in context.said.of(ColumnKindsAre, "table", name):
        yield from (*kinds.collated, *(kinds.defaulted or ()))
    for default in context.said.of(ColumnDefault, "table", name):
        yield default.column


def _anew(context: Context, relation: Relation, view: View) -> Draft:
    """The view dropped and made with all that belongs to it, and so whatever reads it."""
    words = "materialized view" if view.materialized else "view"
    spoken = {part for name in uses(view.definition).names for part in name}
    kept = {name: column for name, column in relation.columns.items() if name in spoken}
    relation = replace(relation, columns=kept)
    changed = replace(context.world.catalog, views={**context.world.catalog.views, view.name: view})
    steps = [
        Repair(f"drop {words} if exists {view.name};", "changes access"),
        *(Repair(sql, "changes access") for sql in ddl.view_whole(changed, relation)),
    ]
    around_it = around(context, steps, relation=view.name)
    said = {column.name: column for column in _columns(context, view.name)}
    context.world.put("relations", view.name, replace(relation, columns={**said, **kept}))
    context.world.put("views", view.name, view)
    context.world.bare.update((*said, *spoken))  # texts about it may not be understood until then
    return Draft(around_it, makes=(view.name,), main=steps[1].sql)
