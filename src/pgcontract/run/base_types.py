"""What a domain's values are compared as: operators and constants go by the type that it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.objects import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation


def on_base_types(catalog: Catalog, names: Iterable[str]) -> Catalog:
    """The catalog, with the columns of some relations as if they had been declared without domains."""
    try:
        bases = {name: each.base for name, each in catalog.types.items() if each.base is not None}
    except UnreadableError:  # types are as they are printed
        return catalog
    relations = (catalog.relations[name] for name in names if name in catalog.relations)
    changed = {each.name: _on_base_types(each, bases) for each in relations} if bases else {}
    return catalog.changed({"relations": changed}) if changed else catalog


def _on_base_types(relation: Relation, bases: Mapping[str, str]) -> Relation:
    columns = relation.columns.items()
    return replace(relation, columns={name: replace(each, type=_base(each.type, bases)) for name, each in columns})


def _base(type_: str, bases: Mapping[str, str]) -> str:
    """A domain may be of a domain."""
    while type_ in bases:
        type_ = bases[type_]
    return type_
