"""Mutants of constraints: dropped, renamed, weakened, put off, with other actions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.constraints import Constraint, ConstraintKind
    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("constraint")
_ENFORCED_SINCE = 180000

_NAMES: dict[str, tuple[ConstraintKind, str, str]] = {
    "PrimaryKeyDropped": (
        "PRIMARY KEY",
        "a table loses its primary key, and the foreign keys that need it",
        "primary key",
    ),
    "UniqueDropped": (
        "UNIQUE",
        "a unique constraint is dropped, with the foreign keys that need it",
        "unique constraint",
    ),
    "ForeignKeyDropped": ("FOREIGN KEY", "a foreign key is dropped", "foreign key"),
    "CheckDropped": ("CHECK", "a CHECK constraint is dropped", "check constraint"),
    "ExclusionDropped": ("EXCLUDE", "an exclusion constraint is dropped", "exclusion constraint"),
}


def _dropping(kind: ConstraintKind) -> Any:
    def dropped(world: World) -> Iterator[Change]:
        for table, one in own(world, kind, roots=True):
            edit = world.edit()
            Dropping(edit, world).constraint(table.name, one.name)
            ddl = f"alter table {table.name} drop constraint {quote(one.name)} cascade"
            yield changed(table, one, "is dropped", edit, ddl)

    return dropped


for _name, (_kind, _says, _noun) in _NAMES.items():
    KINDS.kind(_name, _says, noun=_noun)(_dropping(_kind))


@KINDS.kind("ConstraintRenamed", "a constraint gets another name, and the index behind it")
def _name_changed(world: World) -> Iterator[Change]:
    for table, one in own(world):
        edit, new = world.edit(), renamed(one.name)
        index = new if one.index == one.name else one.index
        edit.part(table.name, "constraints", one.name, replace(one, name=new, index=index))
        if one.index == one.name and one.kind != "FOREIGN KEY":
            _index_renamed(edit, table, one.name, new)
        ddl = f"alter table {table.name} rename constraint {quote(one.name)} to {quote(new)}"
        yield changed(table, one, f"is renamed to {quote(new)}", edit, ddl)


def _index_renamed(edit: Edit, table: Relation, old: str, new: str) -> None:
    edit.part(table.name, "indexes", old, replace(table.indexes[old], name=new, constraint=new))
    storage = edit.get("storage", table.name)
    if storage is not None:
        clustered = new if storage.clustered_on == old else storage.clustered_on
        told = new if storage.replica_index == old else storage.replica_index
        edit.put("storage", table.name, replace(storage, clustered_on=clustered, replica_index=told))


@KINDS.kind("CheckTrue", "a CHECK constraint refuses nothing any more", noun="check constraint")
def _check_true(world: World) -> Iterator[Change]:
    for table, one in own(world, "CHECK"):
        void = "it refused nothing before" if one.expression in {"true", "(true)"} else None
        after = replace(one, expression="true")
        yield again(world, table, one, after, "refuses nothing", "check (true)", void=void)


@KINDS.kind("ConstraintNotValid", "a foreign key or CHECK constraint has not been held against the rows that are there")
def _not_valid(world: World) -> Iterator[Change]:
    for table, one in own(world, "CHECK", "FOREIGN KEY"):
        plain = table.kind == "table" or one.kind == "CHECK"
        if one.validated and one.enforced and plain:
            yield again(world, table, one, replace(one, validated=False), "is NOT VALID", f"{clause(one)} not valid")


@KINDS.kind("ConstraintNotEnforced", "a foreign key or CHECK constraint is there and refuses nothing (from version 18)")
def _not_enforced(world: World) -> Iterator[Change]:
    for table, one in own(world, "CHECK", "FOREIGN KEY"):
        if one.enforced and one.validated and not one.deferred and world.version >= _ENFORCED_SINCE:
            after = replace(one, enforced=False, validated=False)
            yield again(world, table, one, after, "is NOT ENFORCED", f"{clause(one)} not enforced")


@KINDS.kind("ForeignKeyDeletes", "what a foreign key does on a deletion changes", noun="foreign key")
def _on_delete(world: World) -> Iterator[Change]:
    for table, one in own(world, "FOREIGN KEY"):
        if one.period:
            continue
        action = "CASCADE" if one.on_delete != "CASCADE" else "NO ACTION"
        after = replace(one, on_delete=action, on_delete_columns=())  # type: ignore[arg-type]
        yield again(world, table, one, after, f"has ON DELETE {action} instead of {one.on_delete}", clause(after))


@KINDS.kind("ForeignKeyUpdates", "what a foreign key does on an update changes", noun="foreign key")
def _on_update(world: World) -> Iterator[Change]:
    for table, one in own(world, "FOREIGN KEY"):
        if one.period:
            continue
        action = "CASCADE" if one.on_update != "CASCADE" else "NO ACTION"
        after = replace(one, on_update=action)  # type: ignore[arg-type]
        yield again(world, table, one, after, f"has ON UPDATE {action} instead of {one.on_update}", clause(after))


@KINDS.kind("ForeignKeyMatchChanged", "a foreign key of several columns matches otherwise", noun="foreign key")
def _match(world: World) -> Iterator[Change]:
    for table, one in own(world, "FOREIGN KEY"):
        if len(one.columns) > 1 and not one.period:
            after = replace(one, match="SIMPLE" if one.match == "FULL" else "FULL")
            yield again(world, table, one, after, f"has MATCH {after.match}", clause(after))


@KINDS.kind("ForeignKeyDeferred", "a foreign key is checked at the end of the transaction", noun="foreign key")
def _deferred(world: World) -> Iterator[Change]:
    for table, one in own(world, "FOREIGN KEY"):
        if not one.deferred and one.enforced:
            edit = world.edit()
            edit.part(table.name, "constraints", one.name, replace(one, deferrable=True, deferred=True))
            ddl = f"alter table {table.name} alter constraint {quote(one.name)} deferrable initially deferred"
            yield changed(table, one, "is deferred", edit, ddl)


@KINDS.kind("ForeignKeyImmediate", "a foreign key can no longer be put off", noun="foreign key")
def _immediate(world: World) -> Iterator[Change]:
    for table, one in own(world, "FOREIGN KEY"):
        if one.deferrable and one.enforced:
            edit = world.edit()
            edit.part(table.name, "constraints", one.name, replace(one, deferrable=False, deferred=False))
            ddl = f"alter table {table.name} alter constraint {quote(one.name)} not deferrable"
            yield changed(table, one, "is not deferrable", edit, ddl)


@KINDS.kind("CheckNotInherited", "a CHECK constraint no longer holds for children", noun="check constraint")
def _no_inherit(world: World) -> Iterator[Change]:
    for table, one in own(world, "CHECK"):
        if table.kind == "table" and one.enforced:
            after = replace(one, no_inherit=not one.no_inherit)
            words = "is NO INHERIT" if after.no_inherit else "is inherited"
            yield again(world, table, one, after, words, clause(after))


def own(world: World, *kinds: ConstraintKind, roots: bool = False) -> Iterator[tuple[Relation, Constraint]]:
    """The constraints of tables that stand alone, or also of those that others inherit from."""
    stands = world.root if roots else world.lone
    for table in world.tables:
        for one in table.constraints.values() if stands(table.name) else ():
            if one.kind != "TRIGGER" and (not kinds or one.kind in kinds):
                yield table, one


def again(
    world: World,
    table: Relation,
    was: Constraint,
    after: Constraint,
    said: str,
    definition: str,
    *,
    void: str | None = None,
) -> Change:
    """A constraint that is dropped and made again otherwise, with its comment."""
    edit, name = world.edit(), quote(was.name)
    if was.validated == after.validated and not after.validated:
        definition += " not valid" if after.enforced else " not enforced"
    edit.part(table.name, "constraints", was.name, after)
    ddl = [
        f"alter table {table.name} drop constraint {name}",
        f"alter table {table.name} add constraint {name} {definition}",
    ]
    if was.comment is not None:
        ddl.append(f"comment on constraint {name} on {table.name} is {literal(was.comment)}")
    return changed(table, was, said, edit, *ddl, void=void)


def clause(one: Constraint) -> str:
    """What stands after the constraint's name in ADD CONSTRAINT, of a CHECK or foreign key."""
    if one.kind == "CHECK":
        return f"check ({one.expression}){' no inherit' if one.no_inherit else ''}"
    period = len(one.columns) - 1 if one.period else -1
    columns, target = (_listed(names, period) for names in (one.columns, one.referenced_columns))
    text = f"foreign key ({columns}) references {one.references} ({target}) match {(one.match or 'SIMPLE').lower()}"
    some = f" ({_listed(one.on_delete_columns)})" if one.on_delete_columns else ""
    text += (
        f" on update {(one.on_update or 'NO ACTION').lower()} on delete {(one.on_delete or 'NO ACTION').lower()}{some}"
    )
    return text + (" deferrable" if one.deferrable else "") + (" initially deferred" if one.deferred else "")


def _listed(names: tuple[str, ...], period: int = -1) -> str:
    return ", ".join(f"{'period ' if k == period else ''}{quote(name)}" for k, name in enumerate(names))


def changed(table: Relation, one: Constraint, said: str, edit: Edit, *ddl: str, void: str | None = None) -> Change:
    """A change of a constraint."""
    name = column_name(table.name, one.name)
    return Change(name, f"{one.kind} {quote(one.name)} of {table.name} {said}", edit, ddl, table.name, void)
