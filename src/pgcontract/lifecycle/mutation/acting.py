"""Of a change, what could matter to somebody who acts. How something is stored, or told to the planner, does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.relations import Relation
from pgcontract.lifecycle.mutation.edit import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.lifecycle.mutation.edit import Edit

_STILL = frozenset(
    {
        *("publications", "subscriptions", "statistics", "storage", "default_privileges"),
        *("event_triggers", "tablespaces"),
    }
)
"""Objects that nobody meets who reads or writes rows, or calls a function."""
_TOGETHER = {"views": "", "partitions": "", "inheritance": "", "foreign_tables": "", "rules": "relation"}
"""What is said of a relation elsewhere, and which field names that; the key itself where none does."""
_NAMED = ("relations", "functions", "sequences", "types", *_TOGETHER)
_QUIET: Mapping[str, Mapping[str, Any]] = {
    "Relation": {"comment": None, "persistence": "permanent"},
    "Function": {"comment": None, "planner": None, "parallel": ""},
    "Sequence": {"comment": None, "cache": 1},
    "Type": {"comment": None},
    "Column": {"comment": None},
    "Constraint": {"comment": None, "name": "", "index": None},
    "Policy": {"comment": None, "name": ""},
    "Trigger": {"comment": None},
    "Index": {"comment": None, "name": "", "options": (), "constraint": None, "valid": True},
    "Schema": {"comment": None},
    "Role": {  # settings are for those who log in, and whoever acts sets a role
        "comment": None,
        "connection_limit": -1,
        "settings": (),
        "settings_here": (),
        "replication": False,
        "create_database": False,
    },
    "Extension": {"comment": None, "version": ""},
    "Server": {"comment": None, "connection_limit": -1, "settings": ()},
}
"""By record, what does not matter, and what stands in its place."""


def acting(edit: Edit) -> frozenset[str] | None:
    """The objects that act otherwise after a change; None where it is the whole database, or a role or schema.

    Names are canonical; of a relation's parts it is the relation.
    """
    found: set[str] = set()
    if edit.server is not None and _core(edit.server) != _core(edit.base.server):
        return None
    for plural, name, was, record in changes(edit):
        if plural in _STILL or (was is not None and record is not None and _core(was) == _core(record)):
            continue
        if plural not in _NAMED:
            if was is None and plural in {"schemas", "roles"}:  # nothing is in it, and nobody was granted anything
                continue
            return None
        found.add(getattr(record or was, _TOGETHER[plural]) if _TOGETHER.get(plural) else name)
    return frozenset(found)


def changes(edit: Edit) -> Iterator[tuple[str, str, Any, Any]]:
    """The field, the name, and the record before and after, of all that is changed."""
    for plural, records in edit.records.items():
        was = getattr(edit.base, plural)
        yield from ((plural, name, was.get(name), record) for name, record in records.items())


def _core(record: Any) -> Any:
    """What matters of a record."""
    quiet: dict[str, Any] = dict(_QUIET.get(type(record).__name__, {}))
    if hasattr(record, "grants"):
        quiet["grants"] = frozenset((one.grantee, one.privilege) for one in record.grants)
    if not isinstance(record, Relation):
        return replace(record, **quiet) if quiet else record
    if record.is_table:
        quiet["options"] = ()
    parts = (
        [_core(one) for one in record.columns.values()],
        [_core(one) for one in record.triggers.values()],
        sorted(map(_core, record.policies.values()), key=repr),
        sorted(map(_core, record.constraints.values()), key=repr),
        sorted((_core(one) for one in record.indexes.values() if one.unique), key=repr),
    )
    quiet |= {part: {} for part in PARTS}
    return replace(record, **quiet), parts
