"""Mutants of comments: forgotten, or saying something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import schema_of
from pgcontract.lifecycle.mutation import named
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import literal, qualified, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("comment")
_PLURALS = (
    *("schemas", "relations", "functions", "sequences", "types", "extensions", "roles", "casts", "operators"),
    *("operator_classes", "languages", "collations", "foreign_data_wrappers", "foreign_servers", "event_triggers"),
    *("publications", "statistics", "text_search_configurations", "text_search_dictionaries"),
)
_PARTS = ("columns", "constraints", "indexes", "policies", "triggers")


@KINDS.kind("CommentDropped", "what a comment said is forgotten")
def _dropped(world: World) -> Iterator[Change]:
    yield from _commented(world, lambda _: None, "loses its comment")


@KINDS.kind("CommentChanged", "a comment says something else")
def _changed(world: World) -> Iterator[Change]:
    yield from _commented(world, lambda text: f"{text} (mutated)", "has another comment")


def _commented(world: World, change: Any, said: str) -> Iterator[Change]:
    for plural in _PLURALS:
        for name, record in world.each(plural):
            if plural == "roles" and name not in world.named:
                continue  # it is another database's
            if record.comment is not None:
                edit, text = world.edit(), change(record.comment)
                edit.alter(plural, name, comment=text)
                target, shown = _addressed(plural, name, record), named.canonical(plural, name)
                relation = name if plural == "relations" else None
                why = "it belongs to the server" if plural == "roles" else None
                yield Change(shown, f"{target} {said}", edit, (_ddl(target, text),), relation, why)
    for table in world.relations:
        for part in _PARTS:
            for key, record in getattr(table, part).items():
                if record.comment is not None:
                    yield _of_part(world.edit(), (table, part, key), change(record.comment), said)
    for name, rule in world.each("rules"):
        if rule.comment is not None:
            edit, text = world.edit(), change(rule.comment)
            edit.alter("rules", name, comment=text)
            target = f"rule {name.removeprefix(f'{rule.relation}.')} on {rule.relation}"
            yield Change(name, f"{target} {said}", edit, (_ddl(target, text),), rule.relation)


def _of_part(edit: Edit, place: tuple[Relation, str, str], text: str | None, said: str) -> Change:
    relation, part, key = place
    edit.part(relation.name, part, key, replace(getattr(relation, part)[key], comment=text))
    target = {
        "columns": f"column {column_name(relation.name, key)}",
        "indexes": f"index {qualified(schema_of(relation.name), key)}",
    }.get(part, f"{ {'policies': 'policy'}.get(part, part.removesuffix('s')) } {quote(key)} on {relation.name}")
    return Change(column_name(relation.name, key), f"{target} {said}", edit, (_ddl(target, text),), relation.name)


def _addressed(plural: str, name: str, record: Any) -> str:
    return named.addressed(plural, name, record)


def _ddl(target: str, text: str | None) -> str:
    return f"comment on {target} is {'null' if text is None else literal(text)}"
