"""How records are set in the world that a contract states."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from pgcontract.repair.world import World

_HOLDING = {
    "relations": ("columns", "constraints", "indexes", "policies", "triggers"),
    "types": ("checks",),
}


def set_fields(record: Any, said: Any, *, but: Collection[str] = ()) -> Any:
    """The record with what an expectation says in fields of the same names."""
    values = {field.name: getattr(said, field.name, None) for field in fields(record) if field.name not in but}
    return replace(record, **{name: value for name, value in values.items() if value is not None})


def swapped(world: World, old: Any, new: Any | None) -> None:
    """Put a record in the place of another wherever that stands: by itself, in a table, or in a type; None for none."""
    for each in (each for each in fields(world.catalog) if each.init):  # others are made of these
        mapping = getattr(world.catalog, each.name)
        if not hasattr(mapping, "items"):
            if mapping is old and new is not None:
                world.catalog = replace(world.catalog, **{each.name: new})
            continue
        for key, record in mapping.items():
            if record is old:
                world.put(each.name, key, new)
            elif each.name in _HOLDING:
                holding = _swapped_in(record, old, new, _HOLDING[each.name])
                if holding is not record:
                    world.put(each.name, key, holding)


def _swapped_in(record: Any, old: Any, new: Any | None, holding: Collection[str]) -> Any:
    for field in holding:
        held = getattr(record, field)
        if hasattr(held, "items"):
            if any(each is old for each in held.values()):
                pairs = ((key, new if each is old else each) for key, each in held.items())
                return replace(record, **{field: {key: each for key, each in pairs if each is not None}})
        elif any(each is old for each in held):
            items = (new if each is old else each for each in held)
            return replace(record, **{field: tuple(each for each in items if each is not None)})
    return record
