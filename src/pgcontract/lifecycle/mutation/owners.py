"""Mutants of ownership: whatever has an owner gets another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.mutation import acl, named
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("owner")
_OWNED = {
    "relations": "Table",
    "functions": "Function",
    "sequences": "Sequence",
    "types": "Type",
    "schemas": "Schema",
    "collations": "Collation",
    "statistics": "Statistics",
    "operators": "Operator",
    "operator_classes": "OperatorClass",
    "publications": "Publication",
    "foreign_servers": "ForeignServer",
    "languages": "Language",
    "text_search_dictionaries": "TextSearchDictionary",
    "text_search_configurations": "TextSearchConfiguration",
}


def _reowned(plural: str) -> Any:
    def make(world: World) -> Iterator[Change]:
        for name, record in world.each(plural):
            new = world.stranger(record.owner)
            if new is None or not _can(plural, record):
                continue
            edit = world.edit()
            _give(edit, world, plural, name, new)
            target, role = named.addressed(plural, name, record), quote(new)
            shown = named.canonical(plural, name)
            relation = name if plural == "relations" else None
            words = f"{target} belongs to {role} instead of {quote(record.owner)}"
            yield Change(shown, words, edit, (f"alter {target} owner to {role}",), relation)

    return make


for _plural, _name in _OWNED.items():
    KINDS.kind(f"{_name}OwnerChanged", f"{named.a(_plural)} belongs to another role")(_reowned(_plural))


def _can(plural: str, record: Any) -> bool:
    if plural == "sequences":
        return record.owned_by is None
    if plural == "types":
        return record.kind not in {"multirange", "shell"}
    if plural == "functions":
        return not record.of_a_range
    if plural == "operators":
        return record.function is not None
    return plural != "languages" or record.procedural


def _give(edit: Edit, world: World, plural: str, name: str, new: str) -> None:
    """The record and what goes with it: a table's sequences, a range's multirange."""
    record = edit.get(plural, name)
    values: dict[str, Any] = {"owner": new}
    if hasattr(record, "grants"):
        values["grants"] = acl.reowned(record.grants, record.owner, new)
    edit.alter(plural, name, **values)
    if plural == "types" and record.multirange:
        _give(edit, world, "types", record.multirange, new)
    if plural == "relations":
        for column in record.columns.values():
            if any(record.owner in {grant.grantor, grant.grantee} for grant in column.grants):
                after = acl.reowned(column.grants, record.owner, new)

                edit.part(name, "columns", column.name, replace(column, grants=after))
            for sequence in world.owned.get(f"{name}.{quote(column.name)}", ()):
                _give(edit, world, "sequences", sequence, new)
