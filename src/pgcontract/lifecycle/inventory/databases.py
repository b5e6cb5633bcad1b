"""The database, its extensions, languages and schemas, and the roles that it names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.foreign_servers import HIDDEN
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.acls import AclIs, everything
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.databases import DatabaseHas
from pgcontract.expectations.default_acls import DefaultAclIs, DefaultAclsAre
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.expectations.languages import LanguagePresent
from pgcontract.expectations.roles import MemberOf, RoleExists
from pgcontract.expectations.schemas import SchemaExists
from pgcontract.lifecycle.inventory.frame import Source, acl, closed, described, readable, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Server
    from pgcontract.catalog.default_privileges import DefaultPrivileges
    from pgcontract.catalog.languages import Language
    from pgcontract.catalog.roles import Role
    from pgcontract.contract.expectation import Expectation

_ON = {"tables": "table", "sequences": "sequence", "functions": "function", "types": "type", "schemas": "on_schema"}
_PREDEFINED = "pg_"


def database(source: Source) -> Iterator[Expectation]:
    """What is set for the whole database; its name is not said, for a contract holds for other databases too."""
    if not source.scope.whole:
        return
    server = source.catalog.server

    def properties() -> Iterator[Expectation]:
        yield DatabaseHas(
            owner=server.owner,
            encoding=server.encoding,
            collation=server.collation,
            character_type=server.character_type,
            connection_limit=server.connection_limit,
            settings=visible(server.settings),
            only_settings=True,
            comment=_remark(server),
        )

    def granted() -> Iterator[Expectation]:
        every = everything(source.catalog, "on_database")
        yield AclIs("database", grants=words(server.grants, every, server.owner))

    yield from readable(properties, granted)


def _remark(server: Server) -> str | None:
    """The comment, empty where there is none; nothing is said where the role may not read it."""
    try:
        return server.comment or ""
    except UnreadableError:
        return None


def visible(settings: tuple[str, ...]) -> tuple[str, ...]:
    """Settings without those whose value may be a secret."""
    return tuple(setting for setting in settings if not setting.endswith(f"={HIDDEN}"))


def named(options: tuple[str, ...]) -> tuple[str, ...]:
    """Options, of which those whose value may be a secret are said by their names alone."""
    return tuple(option.removesuffix(f"={HIDDEN}") for option in options)


def extensions(source: Source) -> Iterator[Expectation]:
    """Which are installed, where, and at which version at least."""
    for extension in source.records("extensions"):
        if extension.name == "plpgsql":  # which is always there
            continue
        yield ExtensionInstalled(extension.name, minimum=extension.version, in_schema=extension.schema)
        yield from readable(partial(_comment, "extension", extension.name, extension))
    yield from readable(lambda: closed(source, "extension", "extensions"))


def _comment(noun: str, name: str, record: Any) -> Iterator[Expectation]:
    yield CommentIs(noun, name, record.comment)


def _granted(source: Source, language: Language) -> Iterator[Expectation]:
    yield acl(source, "language", language.name, language, "language")


def languages(source: Source) -> Iterator[Expectation]:
    """Those that somebody made, and who may write functions in those that are always there."""
    for name in ("plpgsql", "sql"):
        language = source.catalog.languages.get(name)
        if language is not None and source.scope.whole:
            yield from readable(partial(_granted, source, language))
    for language in source.records("languages"):
        if language.procedural and source.scope.whole:
            yield LanguagePresent(language.name, trusted=language.trusted)
            yield from described(source, "language", language.name, language, "language")


def schemas(source: Source) -> Iterator[Expectation]:
    """The schemas, and who may use them."""
    for schema in source.records("schemas"):
        yield SchemaExists(schema.name)
        if source.level == "full":
            yield from described(source, "schema", schema.name, schema, "on_schema")
    if source.level == "full":
        yield from readable(lambda: closed(source, "schema", "schemas"))


def default_privileges(source: Source) -> Iterator[Expectation]:
    """What was set for the objects that are still to be made."""
    held: list[DefaultPrivileges] = [one for one in source.records("default_privileges") if one.objects in _ON]
    for one in held:
        if one.objects == "large objects":  # of which there are no expectations
            continue
        every = everything(source.catalog, _ON[one.objects])
        grants = words(one.grants, every, one.role if one.schema is None else None)
        yield DefaultAclIs(one.objects, one.role, grants, in_schema=one.schema)
    if source.scope.whole:
        yield from readable(partial(_all_default_privileges, source))


def _all_default_privileges(source: Source) -> Iterator[Expectation]:
    held = [one.name for one in source.all_records("default_privileges") if one.objects in _ON]
    yield DefaultAclsAre(held, beside=sorted(set(source.catalog.default_privileges) - set(held)))


def roles(source: Source, named: set[str]) -> Iterator[Expectation]:
    """The roles that grants, owners and policies name, and what each is a member of.

    Not stated: predefined roles, which come with the server; superusers' own properties, which differ between clusters
    by nature, beside that they are superusers; passwords, which no catalog that we read has.
    """
    for name in sorted(named):
        role: Role | None = source.catalog.roles.get(name)
        if role is None or name == PUBLIC or name.startswith(_PREDEFINED):
            continue
        if role.superuser:
            yield RoleExists(name)
            continue
        yield from readable(partial(_role, role))
        yield from readable(partial(_memberships, role))


def _role(role: Role) -> Iterator[Expectation]:
    yield RoleExists(
        role.name,
        login=role.login,
        superuser=role.superuser,
        bypass_rls=role.bypass_rls,
        create_role=role.create_role,
        create_database=role.create_database,
        replication=role.replication,
        inherit=role.inherit,
        connection_limit=role.connection_limit,
        member_of=sorted(membership.role for membership in role.member_of),
        settings=visible(role.settings),
        database_settings=visible(role.settings_here),
        only_settings=True,
    )


def _memberships(role: Role) -> Iterator[Expectation]:
    for membership in sorted(role.member_of, key=lambda membership: membership.role):
        yield MemberOf(role.name, membership.role, direct=True, admin=membership.admin, inherit=membership.inherit)
