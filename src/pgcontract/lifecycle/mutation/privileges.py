"""Mutants of privileges: granted to who had none, revoked from who had them, to be given on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog import effective
from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.lifecycle.mutation import acl, named
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("privilege")

_OPENED = {
    "relations": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"),
    "functions": ("EXECUTE",),
    "sequences": ("USAGE", "UPDATE"),
    "schemas": ("USAGE", "CREATE"),
    "types": ("USAGE",),
    "languages": ("USAGE",),
    "foreign_servers": ("USAGE",),
    "foreign_data_wrappers": ("USAGE",),
}
_NAMES = {
    "relations": "Table",
    "functions": "Function",
    "sequences": "Sequence",
    "schemas": "Schema",
    "types": "Type",
    "languages": "Language",
    "foreign_servers": "ForeignServer",
    "foreign_data_wrappers": "ForeignDataWrapper",
}
_COLUMN = ("SELECT", "INSERT", "UPDATE")


def _granted(plural: str) -> Any:
    def make(world: World) -> Iterator[Change]:
        for name, record in own(world, plural):
            for grantee in world.outsiders:
                for privilege in _OPENED[plural]:
                    if not _has(record, grantee, privilege):
                        grant = Grant(grantee, privilege, False, record.owner)
                        yield _given(world, plural, name, grant)

    return make


def _revoked(plural: str) -> Any:
    def make(world: World) -> Iterator[Change]:
        for name, record in own(world, plural):
            for grant in record.grants:
                if grant.grantee != record.owner and not _given_on(record, grant):
                    yield _taken(world, plural, name, grant)

    return make


def _to_give_on(plural: str) -> Any:
    def make(world: World) -> Iterator[Change]:
        for name, record in own(world, plural):
            for grant in record.grants:
                if (
                    grant.grantee not in {record.owner, PUBLIC}
                    and not grant.grantable
                    and grant.grantor == record.owner
                ):
                    edit, target = world.edit(), _target(plural, name, record)
                    grants = acl.with_grant(acl.without(record.grants, grant), replace(grant, grantable=True))
                    edit.alter(plural, name, grants=grants)
                    ddl = f"grant {grant.privilege} on {target} to {acl.role_sql(grant.grantee)} with grant option"
                    words = f"{grant.grantee} may grant {grant.privilege} on {target} to others"
                    yield _change(plural, name, words, edit, ddl)

    return make


for _plural, _name in _NAMES.items():
    _what = named.a(_plural)
    KINDS.kind(f"{_name}Granted", f"everybody, or who is not logged in, gets a privilege on {_what}")(_granted(_plural))
    KINDS.kind(f"{_name}Revoked", f"a privilege on {_what} is taken back")(_revoked(_plural))
    KINDS.kind(f"{_name}GrantOption", f"who has a privilege on {_what} may give it on")(_to_give_on(_plural))


@KINDS.kind("ColumnGranted", "everybody, or who is not logged in, gets a privilege on one column")
def _column_granted(world: World) -> Iterator[Change]:
    for relation in world.relations:
        for column in relation.columns.values():
            for grantee in world.outsiders:
                if not _has(relation, grantee, "SELECT") and not _has(column, grantee, "SELECT"):
                    grant = Grant(grantee, "SELECT", False, relation.owner)
                    yield _on_column(world, relation, column.name, grant, acl.with_grant(column.grants, grant))


@KINDS.kind("ColumnRevoked", "a privilege on one column is taken back")
def _column_revoked(world: World) -> Iterator[Change]:
    for relation in world.relations:
        for column in relation.columns.values():
            for grant in column.grants:
                if not _given_on(column, grant):
                    left = acl.without(column.grants, grant)
                    yield _on_column(world, relation, column.name, grant, left, taken=True)


def _on_column(
    world: World, relation: Relation, column: str, grant: Grant, grants: tuple[Grant, ...], *, taken: bool = False
) -> Change:
    edit, name = world.edit(), column_name(relation.name, column)
    edit.part(relation.name, "columns", column, replace(relation.columns[column], grants=grants))
    what, role = f"{grant.privilege} ({quote(column)}) on {relation.name}", acl.role_sql(grant.grantee)
    words = f"{grant.grantee} {'loses' if taken else 'gets'} {grant.privilege} on column {name}"
    ddl = f"revoke {what} from {role}" if taken else f"grant {what} to {role}"
    void = _void(world, relation, grant) if not taken else _kept(relation, grant)
    return Change(name, words, edit, _as(grant, relation.owner, ddl), relation.name, void)


def own(world: World, plural: str) -> Iterator[tuple[str, Any]]:
    """The records in scope on which something can be granted."""
    for name, record in world.each(plural):
        if plural == "functions" and record.of_a_range:
            continue
        if plural == "types" and record.kind in {"multirange", "shell"}:
            continue
        if plural == "languages" and not record.trusted:
            continue
        yield name, record


def _has(record: Any, grantee: str, privilege: str) -> bool:
    return any(grant.grantee == grantee and grant.privilege == privilege for grant in record.grants)


def _given_on(record: Any, grant: Grant) -> bool:
    """Whether others have it from who has it, so that REVOKE would need CASCADE."""
    return grant.grantable and any(
        one.grantor == grant.grantee and one.privilege == grant.privilege and one.grantee != grant.grantee
        for one in record.grants
    )


def _given(world: World, plural: str, name: str, grant: Grant) -> Change:
    edit, record = world.edit(), getattr(world.catalog, plural)[name]
    target = _target(plural, name, record)
    edit.alter(plural, name, grants=acl.with_grant(record.grants, grant))
    ddl = f"grant {grant.privilege} on {target} to {acl.role_sql(grant.grantee)}"
    words = f"{grant.grantee} gets {grant.privilege} on {target}"
    return _change(plural, name, words, edit, ddl, void=_void(world, record, grant))


def _taken(world: World, plural: str, name: str, grant: Grant) -> Change:
    edit, record = world.edit(), getattr(world.catalog, plural)[name]
    target = _target(plural, name, record)
    edit.alter(plural, name, grants=acl.without(record.grants, grant))
    ddl = f"revoke {grant.privilege} on {target} from {acl.role_sql(grant.grantee)}"
    words = f"{grant.grantee} loses {grant.privilege} on {target}"
    return _change(plural, name, words, edit, *_as(grant, record.owner, ddl), void=_kept(record, grant))


def _as(grant: Grant, owner: str, statement: str) -> tuple[str, ...]:
    """The statement, as whom it must be made: only who granted something takes it back."""
    if grant.grantor == owner:
        return (statement,)
    return (f"set local role {quote(grant.grantor)}", statement, "reset role")


def _void(world: World, record: Any, grant: Grant) -> str | None:
    """Why a grant gives nothing: its grantee has that already."""
    if grant.grantee == PUBLIC:
        return None
    roles = effective.identities(world.catalog, grant.grantee)
    if world.catalog.roles[grant.grantee].superuser:
        return f"{grant.grantee} is a superuser"
    held = [
        one.grantee for one in record.grants if one.privilege == grant.privilege and one.grantee in {PUBLIC, *roles}
    ]
    return f"{grant.grantee} has it through {held[0]}" if held else None


def _kept(record: Any, grant: Grant) -> str | None:
    """Why what is taken back stays: everybody has it."""
    others = acl.without(record.grants, grant)
    stays = (
        grant.grantee != PUBLIC
        and not grant.grantable
        and _has(replace(record, grants=others), PUBLIC, grant.privilege)
    )
    return "PUBLIC has it anyway" if stays else None


def _target(plural: str, name: str, record: Any) -> str:
    """What stands after ON in GRANT."""
    if plural == "relations":
        return name
    if plural == "foreign_servers":
        return f"foreign server {quote(name)}"
    if plural == "functions":
        return f"routine {name}"
    return named.addressed(plural, name, record)


def _change(plural: str, name: str, words: str, edit: Any, *ddl: str, void: str | None = None) -> Change:
    shown = named.canonical(plural, name)
    return Change(shown, words, edit, ddl, name if plural == "relations" else None, void)
