"""What one thing that happens sets going next: a function what its body does, a write its triggers, rules and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from pgcontract.catalog.inheritance import children
from pgcontract.catalog.uses import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.effects import Effects
    from pgcontract.catalog.relations import Relation

Kind: TypeAlias = Literal["function", "read", "sequence"] | Event
EVENTS: tuple[Event, ...] = get_args(Event)


class Node(NamedTuple):
    """Something that happens: a function runs, a relation is read or written, a sequence gives a number away.

    Attributes:
        name: A function's signature, or a canonical name.
    """

    kind: Kind
    name: str


class Link(NamedTuple):
    """What one thing sets going.

    Attributes:
        words: How, to be put behind "which": `fires the trigger audit of public.notes`.
    """

    words: str
    node: Node


_SQL = frozenset({"sql", "plpgsql"})


def links_of(found: Effects, node: Node) -> Iterator[Link]:
    """What it sets going, each with the words for it."""
    if node.kind == "function":
        yield from _of_function(found, node.name)
    elif node.kind == "read":
        yield from _of_reading(found, found.catalog.relations[node.name])
    elif node.kind != "sequence":
        yield from _of_writing(found, found.catalog.relations[node.name], node.kind)


def _of_function(found: Effects, signature: str) -> Iterator[Link]:
    function = found.catalog.functions[signature]
    if function.source and (function.extension is None or function.language in _SQL):
        yield from found.of_text(function.source, dynamic=True)
    if function.defaults:
        yield from found.of_text(function.defaults)


def _of_reading(found: Effects, relation: Relation) -> Iterator[Link]:
    view = found.catalog.views.get(relation.name)
    if view is not None:
        yield from found.of_text(view.definition)
    for policy in relation.policies.values() if relation.rls_enabled else ():
        if policy.command in {"ALL", "SELECT"} and policy.using:
            yield from found.of_text(policy.using)
    for child in children(found.catalog.inheritance, relation.name):
        yield Link(f"reads {child.name}", Node("read", child.name))


def _of_writing(found: Effects, relation: Relation, event: Event) -> Iterator[Link]:
    yield from _triggers(found, relation, event)
    yield from _rules(found, relation, event)
    if event in {"INSERT", "UPDATE"}:
        yield from _values(found, relation, event)
    if relation.rls_enabled:
        conditions = [text for policy in relation.policies.values() for text in (policy.using, policy.with_check)]
        for text in filter(None, conditions):
            yield from found.of_text(text)
    view = found.catalog.views.get(relation.name)
    if view is not None:
        for _, node in found.of_text(view.definition):
            if node.kind == "read":
                yield Link(f"writes through to {node.name}", Node(event, node.name))
    for child in children(found.catalog.inheritance, relation.name):
        yield Link(f"writes to {child.name}", Node(event, child.name))
    yield from _cascades(found, relation, event)


def _rules(found: Effects, relation: Relation, event: Event) -> Iterator[Link]:
    for rule in found.catalog.rules.values():
        if rule.relation == relation.name and rule.event == event and rule.enabled != "DISABLED":
            yield from found.of_text(rule.clause)


def _triggers(found: Effects, relation: Relation, event: Event) -> Iterator[Link]:
    for trigger in relation.triggers.values():
        if event in trigger.events and trigger.enabled not in {"DISABLED", "REPLICA"}:
            for function in found.catalog.overloads.get(trigger.function, ()):
                words = f"fires the trigger {trigger.name} of {relation.name}"
                yield Link(words, Node("function", function.signature))
            if trigger.when:
                yield from found.of_text(trigger.when)


def _values(found: Effects, relation: Relation, event: Event) -> Iterator[Link]:
    """What is evaluated for the new row: defaults, generated columns, checks, those of domains too.

    A default that draws from a sequence is left to the statement: it may give the column a value of its own.
    """
    for column in relation.columns.values():
        if column.default and event == "INSERT" and not found.drawn_by_column(relation.name, column.name):
            yield from found.of_text(column.default)
        if column.expression:
            yield from found.of_text(column.expression)
        domain = found.catalog.types.get(column.type)
        for check in domain.checks if domain is not None else ():
            yield from found.of_text(check.expression)
    for constraint in relation.having("CHECK"):
        if constraint.expression:
            yield from found.of_text(constraint.expression)


def _cascades(found: Effects, relation: Relation, event: Event) -> Iterator[Link]:
    """What foreign keys do to the rows that refer to this one."""
    if event not in {"UPDATE", "DELETE", "TRUNCATE"}:
        return
    for other in found.catalog.tables.values():
        for key in other.having("FOREIGN KEY"):
            if key.references != relation.name:
                continue
            action = key.on_update if event == "UPDATE" else key.on_delete
            if action == "CASCADE" and event != "TRUNCATE":
                yield Link(f"cascades to {other.name}", Node(event, other.name))
            elif action in {"SET NULL", "SET DEFAULT"}:
                yield Link(f"sets columns of {other.name}", Node("UPDATE", other.name))
