"""A database arranged for a reader: every format shows this, and none asks the catalog itself."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import schema_of
from pgcontract.names import quote
from pgcontract.report.picture import others
from pgcontract.report.picture.cards import card
from pgcontract.report.picture.drawings import drawings
from pgcontract.report.picture.links import links
from pgcontract.report.picture.parts import Link, Part, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

_ANCHOR_LENGTH = 60


def own(record: Any) -> bool:
    """Whether an object is the database's own: neither an extension's nor the system's."""
    return getattr(record, "extension", None) is None and not getattr(record, "system", False)


def arrange(
    catalog: Catalog,
    holds: Callable[[Any], bool] = own,
    hanging: Callable[[Relation, Any], bool] | None = None,
) -> Picture:
    """The database as a picture.

    Args:
        catalog: The database.
        holds: Whether the object of a record is to be shown, such as `partial(scope.holds, catalog)`.
        hanging: Whether a policy or trigger is to be shown that hangs on a relation that is not, such as
            `partial(scope.part_holds, catalog)`.

    Raises:
        UnreadableError: The role may not read all of it; a picture with holes would pass for the whole.
    """
    shown = tables(catalog, holds)
    relations = {name: one for name, one in catalog.relations.items() if name in shown or (holds(one) and _alone(one))}
    rims = {name: rim for name, one in catalog.relations.items() if not holds(one) and (rim := _rim(one, hanging))}
    referring = _referring(catalog, shown)
    schemas = _by_schema({**relations, **rims})
    functions = _by_schema({name: one for name, one in catalog.functions.items() if holds(one) and not one.of_a_range})
    types = _by_schema({name: one for name, one in catalog.types.items() if holds(one) and one.kind != "multirange"})
    sequences = _by_schema({name: one for name, one in catalog.sequences.items() if holds(one) and not one.owned_by})

    def part(name: str) -> Part:
        return Part(
            name=quote(name),
            anchor=anchor("schema", name),
            comment=catalog.schemas[name].comment if name in catalog.schemas else None,
            cards=tuple(
                card(catalog, one, anchor("", one.name), referring[one.name], whole=one.name not in rims)
                for one in schemas[name]
            ),
            types=tuple(map(others.type_row, types[name])),
            functions=tuple(others.function_row(one, anchor("", one.signature)) for one in functions[name]),
            sequences=tuple(map(others.sequence_row, sequences[name])),
        )

    found = sorted({*schemas, *functions, *types, *sequences}, key=lambda name: (name != "public", name))
    return Picture(
        server=catalog.server,
        parts=tuple(map(part, found)),
        drawings=drawings(catalog, shown),
        extensions=tuple(map(others.extension_row, catalog.extensions.values())),
        others=others.by_name(catalog, holds),
        left_out=sum(1 for one in catalog.relations.values() if own(one) and not holds(one)),
    )


def _referring(catalog: Catalog, shown: Collection[str]) -> dict[str, list[Link]]:
    """The foreign keys that refer to each table, those to itself aside."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in links(catalog, shown):
        if link.child != link.parent:
            found[link.parent].append(link)
    return found


def tables(catalog: Catalog, holds: Callable[[Any], bool] = own) -> tuple[str, ...]:
    """The tables that a diagram shows: partitions are their table's."""
    return tuple(
        name
        for name, relation in catalog.tables.items()
        if holds(relation) and not (relation.is_partition and _under(catalog, name, holds))
    )


def _rim(relation: Relation, hanging: Callable[[Relation, Any], bool] | None) -> Relation | None:
    """A relation that is not shown with nothing but the policies and triggers that are; None where it has none."""
    if hanging is None:
        return None
    policies = {name: one for name, one in relation.policies.items() if hanging(relation, one)}
    triggers = {name: one for name, one in relation.triggers.items() if hanging(relation, one)}
    if not policies and not triggers:
        return None
    nothing: dict[str, Any] = {"columns": {}, "constraints": {}, "indexes": {}, "options": (), "grants": ()}
    return replace(relation, policies=policies, triggers=triggers, comment=None, **nothing)


def _alone(relation: Relation) -> bool:
    """Whether a relation has a card though no diagram has it: it is no table, or a partition with rules of its own."""
    return not relation.is_table or bool(relation.is_partition and (relation.policies or relation.triggers))


def _under(catalog: Catalog, name: str, holds: Callable[[Any], bool]) -> bool:
    """Whether a partition's table is shown, and says what there is to say."""
    inherited = catalog.inheritance.get(name)
    parent = catalog.relations.get(inherited.parents[0]) if inherited else None
    return parent is not None and holds(parent)


def _by_schema(records: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for name, record in sorted(records.items()):
        found[schema_of(name)].append(record)
    return found


def anchor(kind: str, name: str) -> str:
    """A name for links: readable, an object's own, and the same from run to run.

    >>> anchor("", "public.users"), anchor("schema", 'A"b')
    ('public.users', 'schema-a-b-4b6a0b')
    """
    text = f"{kind} {name}".strip()
    plain = re.sub(r"[^a-z0-9_.]+", "-", text.lower()).strip("-.")[:_ANCHOR_LENGTH]
    if plain == name:
        return plain
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:6]
    return f"{plain or 'object'}-{digest}"


def anchors(picture: Picture) -> Iterator[tuple[str, str]]:
    """By what name each relation and function is linked to."""
    for part in picture.parts:
        yield from ((one.name, one.anchor) for one in part.cards)
        yield from ((one.signature, one.anchor) for one in part.functions)
