"""Columns that are otherwise than a contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.column_storage import ColumnStorage
from pgcontract.lifecycle.diff.stated.putting import set_fields
from pgcontract.names import qualified
from pgcontract.repair.making.columns import put_sequence, sequence_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.repair.context import Context


def _set(context: Context, table: str, name: str, **fields: Any) -> None:
    relation = context.world.catalog.relations[table]
    columns = {**relation.columns, name: replace(relation.columns[name], **fields)}
    context.world.put("relations", table, replace(relation, columns=columns))


def _type(said: Any, context: Context) -> None:
    (form,) = said.forms()
    _set(context, said.table, said.column, type=context.own(form))


def _default(said: Any, context: Context) -> None:
    _set(context, said.table, said.column, default=next(map(context.own, said.forms()), None))


def _nulls(*, refused: bool) -> Callable[[Any, Context], None]:
    return lambda said, context: _set(context, said.table, said.column, not_null=refused)


def _collation(said: Any, context: Context) -> None:
    name = None if said.collation is None else qualified(said.schema_name, said.collation)
    _set(context, said.table, said.column, collation=name)


def _generated(said: Any, context: Context) -> None:
    if said.expression is None:
        _set(context, said.table, said.column, generated=None, expression=None)
        return
    (expression,) = map(context.own, said.forms())
    there = context.world.catalog.relations[said.table].columns[said.column]
    storage = said.storage or there.generated or "STORED"
    _set(context, said.table, said.column, generated=storage, expression=expression, default=None)


def _identity(said: Any, context: Context) -> None:
    """Whether it is one; and the options, which are its sequence's."""
    _set(context, said.table, said.column, identity=said.generated)
    name = sequence_name(context, said.table, said.column)
    there = context.world.get("sequences", name)
    if there is not None:
        context.world.put("sequences", name, set_fields(there, said))
    elif said.generated is not None:
        put_sequence(context, said.table, context.world.get("relations", said.table).columns[said.column])


def _storage(said: Any, context: Context) -> None:
    """Just what is said: the rest is as usual."""
    stored = (
        f"{word}={getattr(said, word)}" for word in ColumnStorage.positional()[2:] if getattr(said, word) is not None
    )
    _set(context, said.table, said.column, stored=tuple(stored))


def _kinds(said: Any, context: Context) -> None:
    """Columns that should be ordinary ones are."""
    relation = context.world.catalog.relations[said.table]
    usual: Mapping[str, dict[str, Any]] = {
        "identity": {"identity": None},
        "generated": {"generated": None, "expression": None},
        "collated": {"collation": None},
        "stored": {"stored": ()},
        "defaulted": {"default": None},
    }
    columns = dict(relation.columns)
    for word, fields in usual.items():
        named = getattr(said, word)
        if named is None:  # it is not stated
            continue
        for name, there in columns.items():
            if name not in named and not (word == "defaulted" and there.generated):
                columns[name] = replace(there, **fields)
    context.world.put("relations", said.table, replace(relation, columns=columns))


COLUMNS: Mapping[str, Callable[[Any, Context], None]] = {
    "ColumnType": _type,
    "ColumnDefault": _default,
    "ColumnNotNull": _nulls(refused=True),
    "ColumnNullable": _nulls(refused=False),
    "ColumnCollation": _collation,
    "ColumnGenerated": _generated,
    "ColumnIdentity": _identity,
    "ColumnStorage": _storage,
    "ColumnKindsAre": _kinds,
}
"""By the class name of the expectation."""
