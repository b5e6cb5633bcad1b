"""What stands in no table, and is otherwise than a contract says: roles, sequences, comments and so on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.default_privileges import DefaultPrivileges, command
from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.foreign_servers import HIDDEN
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.roles import Membership
from pgcontract.expectations.acls import everything, spelled
from pgcontract.expectations.described import located
from pgcontract.lifecycle.diff.stated.putting import set_fields, swapped
from pgcontract.names import signature
from pgcontract.repair.making.columns import owner_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.repair.context import Context


def _named(nouns: str, field: str) -> Callable[[Any, Context], None]:
    """What the record and the expectation have under the same names."""

    def changing(said: Any, context: Context) -> None:
        name = getattr(said, field)
        there = getattr(context.world.catalog, nouns)[name]
        wanted = set_fields(there, said)
        if "options" in type(said).model_fields:
            wanted = replace(wanted, options=_options(there.options, said.options, only=said.only_options))
        context.world.put(nouns, name, wanted)

    return changing


def _options(there: tuple[str, ...], said: tuple[str, ...], *, only: bool) -> tuple[str, ...]:
    """`name=value`s with those that are said; of those that may be secrets, a contract says at most the names."""
    secret = {each.removesuffix(f"={HIDDEN}") for each in there if each.endswith(f"={HIDDEN}")}
    written = [each if "=" in each else f"{each}={HIDDEN}" for each in said]
    kept = [f"{each}={HIDDEN}" for each in secret if each not in said]
    return settings(there, (*written, *kept), only=only)


def _comment(said: Any, context: Context) -> None:
    record, _ = located(context.world.catalog, said.noun, said.name, said.of)
    swapped(context.world, record, replace(record, comment=said.comment or None))


def _owner(said: Any, context: Context) -> None:
    """That of what has no privileges; others are handed over by their own statements."""
    record, _ = located(context.world.catalog, said.noun, said.name, said.of)
    if not hasattr(record, "grants"):
        swapped(context.world, record, replace(record, owner=said.owner))


def _sequence(said: Any, context: Context) -> None:
    there = set_fields(context.world.catalog.sequences[said.sequence], said)
    if said.owned_by is not None:
        there = replace(there, owned_by=owner_of(said.owned_by, schema_of(said.sequence)))
    context.world.put("sequences", said.sequence, there)


def settings(there: tuple[str, ...], said: tuple[str, ...], *, only: bool) -> tuple[str, ...]:
    """`name=value`s with those that are said; `only` those where nothing else may be set."""
    names = {each.partition("=")[0] for each in said}
    others = () if only else (each for each in there if each.partition("=")[0] not in names)
    return tuple(sorted([*others, *said]))


def _role(said: Any, context: Context) -> None:
    there = context.world.catalog.roles[said.name]
    wanted = set_fields(there, said, but=("settings", "member_of"))
    member_of = there.member_of
    if said.member_of is not None:
        own = {each.role: each for each in there.member_of}
        member_of = tuple(own.get(role, Membership(role)) for role in sorted(said.member_of))
    context.world.put(
        "roles",
        said.name,
        replace(
            wanted,
            member_of=member_of,
            settings=settings(there.settings, said.settings, only=said.only_settings),
            settings_here=settings(there.settings_here, said.database_settings, only=said.only_settings),
        ),
    )


def _member(said: Any, context: Context) -> None:
    there = context.world.catalog.roles[said.role]
    own = {each.role: each for each in there.member_of}
    wanted = set_fields(own.get(said.group, Membership(said.group)), said, but=("role",))
    member_of = tuple(each for _, each in sorted({**own, said.group: wanted}.items()))
    context.world.put("roles", said.role, replace(there, member_of=member_of))


def _database(said: Any, context: Context) -> None:
    there = context.world.catalog.server
    wanted = set_fields(there, said, but=("settings", "comment"))
    kept = settings(there.settings, said.settings, only=said.only_settings)
    comment = there.comment if said.comment is None else said.comment or None
    wanted = replace(
        wanted, settings=kept, comment=comment, grants=_handed_over(there.grants, there.owner, wanted.owner)
    )
    context.world.catalog = replace(context.world.catalog, server=wanted)


def _handed_over(grants: tuple[Grant, ...], old: str, new: str) -> tuple[Grant, ...]:
    """What the old owner has and has granted is the new one's."""
    passed = (
        replace(
            grant,
            grantee=new if grant.grantee == old else grant.grantee,
            grantor=new if grant.grantor == old else grant.grantor,
        )
        for grant in grants
    )
    return tuple(sorted(passed))


def _acl(said: Any, context: Context) -> None:
    """That of the database; others are changed by their own statements."""
    catalog = context.world.catalog
    if said.noun == "database":
        held = spelled(said.grants, everything(catalog, "on_database"))
        owner = catalog.server.owner
        grants = (Grant(role, privilege, option, owner) for (role, privilege), option in held.items())
        own = (each for each in catalog.server.grants if each.grantee == owner and owner not in said.grants)
        server = replace(catalog.server, grants=tuple(sorted([*grants, *own])))
        context.world.catalog = replace(catalog, server=server)


def _default_acl(said: Any, context: Context) -> None:
    """What is granted, the owner's own among it where that goes without saying."""
    catalog, name = context.world.catalog, command(said.creator, said.in_schema, said.objects)
    every = everything(catalog, _ON[said.objects])
    held = spelled(said.grants, every)
    if said.in_schema is None and said.creator not in said.grants:
        held |= {(said.creator, privilege): False for privilege in every}
    grants = (Grant(role, privilege, option, said.creator) for (role, privilege), option in held.items())
    there = catalog.default_privileges.get(name)
    record = there or DefaultPrivileges(name, said.creator, said.objects, said.in_schema)
    context.world.put("default_privileges", name, replace(record, grants=tuple(sorted(grants))))


_ON = {"tables": "table", "sequences": "sequence", "functions": "function", "types": "type", "schemas": "on_schema"}


def _extension(said: Any, context: Context) -> None:
    there = context.world.catalog.extensions[said.name]
    wanted = replace(there, version=said.minimum or there.version, schema=said.in_schema or there.schema)
    context.world.put("extensions", said.name, wanted)


def _event_trigger(said: Any, context: Context) -> None:
    there = context.world.catalog.event_triggers[said.name]
    state = said.state or (there.enabled if said.enabled == (there.enabled != "DISABLED") else "ORIGIN")
    wanted = replace(
        there,
        event=there.event if said.event is None else said.event.lower(),
        function=there.function if said.function is None else signature(said.function)[0],
        tags=there.tags if said.commands is None else tuple(sorted(tag.upper() for tag in said.commands)),
        enabled=state if said.enabled or said.state else "DISABLED",
    )
    context.world.put("event_triggers", said.name, wanted)


def _publication(said: Any, context: Context) -> None:
    there = context.world.catalog.publications[said.name]
    wanted = set_fields(there, said)
    if said.tables is not None:
        kept = {name: each for name, each in there.published.items() if name in said.tables}
        wanted = replace(wanted, published=kept)
    context.world.put("publications", said.name, wanted)


def _published(said: Any, context: Context) -> None:
    there = context.world.catalog.publications[said.publication]
    table = there.published[said.table]
    where = next(map(context.own, said.forms()), table.where)
    columns = table.columns if said.columns is None else tuple(said.columns)
    wanted = replace(table, columns=columns, where=None if where == "true" else where)
    context.world.put(
        "publications", said.publication, replace(there, published={**there.published, said.table: wanted})
    )


OTHERS: Mapping[str, Callable[[Any, Context], None]] = {
    "CommentIs": _comment,
    "OwnerIs": _owner,
    "SequencePresent": _sequence,
    "RoleExists": _role,
    "MemberOf": _member,
    "DatabaseHas": _database,
    "AclIs": _acl,
    "DefaultAclIs": _default_acl,
    "ExtensionInstalled": _extension,
    "EventTriggerPresent": _event_trigger,
    "PublicationPresent": _publication,
    "TablePublished": _published,
    "CollationExists": _named("collations", "collation"),
    "RangeIs": _named("types", "type"),
    "TextSearchConfigurationPresent": _named("text_search_configurations", "configuration"),
    "TextSearchDictionaryPresent": _named("text_search_dictionaries", "dictionary"),
    "ForeignServerPresent": _named("foreign_servers", "name"),
    "ForeignDataWrapperPresent": _named("foreign_data_wrappers", "name"),
    "ForeignTableExists": _named("foreign_tables", "table"),
}
"""By the class name of the expectation."""
