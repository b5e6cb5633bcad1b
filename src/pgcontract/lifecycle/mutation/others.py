"""Mutants of what few databases have: statistics, casts, operators, collations, foreign data, text search."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.foreign_servers import HIDDEN, UserMapping
from pgcontract.catalog.foreign_tables import ColumnOptions
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.lifecycle.mutation import named
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.names import literal, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("other")
_BY_TEXT = "what goes along is told by the names in texts"


def _dropping(plural: str) -> Any:
    def make(world: World) -> Iterator[Change]:
        for name, record in world.each(plural):
            if plural == "languages" and not record.procedural:
                continue
            edit = world.edit()
            edit.put(plural, name, None)
            target = _target(plural, name, record)
            yield Change(named.canonical(plural, name), f"{target} is dropped", edit, (f"drop {target} cascade",))

    return make


for _plural, _name, _noun, _unlike in (
    ("statistics", "StatisticsDropped", "statistics", None),
    ("casts", "CastDropped", "cast", None),
    ("operators", "OperatorDropped", "operator", "what refers to the operator"),
    ("operator_classes", "OperatorClassDropped", "operator class", _BY_TEXT),
    ("collations", "CollationDropped", "collation", _BY_TEXT),
    ("foreign_servers", "ForeignServerDropped", "foreign server", "its foreign tables"),
    ("foreign_data_wrappers", "ForeignDataWrapperDropped", "foreign data wrapper", "its servers and their tables"),
    ("text_search_dictionaries", "TextSearchDictionaryDropped", "text search", "the configurations that use it"),
    ("text_search_configurations", "TextSearchConfigurationDropped", "text search", _BY_TEXT),
):
    KINDS.kind(_name, f"{named.a(_plural)} is dropped", noun=_noun, unlike=_unlike)(_dropping(_plural))


@KINDS.kind("StatisticsKindLost", "a statistics object gathers less", noun="statistics")
def _statistics_kind(world: World) -> Iterator[Change]:
    for name, one in world.each("statistics"):
        if len(one.kinds) > 1 and not one.expressions:
            edit = world.edit()
            edit.put("statistics", name, replace(one, kinds=one.kinds[:1]))
            columns = ", ".join(map(quote, one.columns))
            ddl = [
                f"drop statistics {name}",
                f"create statistics {name} ({one.kinds[0]}) on {columns} from {one.table}",
                f"alter statistics {name} owner to {quote(one.owner)}",
            ]
            if one.comment is not None:
                ddl.append(f"comment on statistics {name} is {literal(one.comment)}")
            yield Change(name, f"statistics {name} gathers only {one.kinds[0]}", edit, tuple(ddl), one.table)


@KINDS.kind(
    "CastContextChanged",
    "where Postgres casts unasked changes",
    noun="cast",
    unlike="operators that are then told apart by their schema",
)
def _cast_context(world: World) -> Iterator[Change]:
    letters = {"explicit": "e", "assignment": "a", "implicit": "i"}
    for name, one in world.each("casts"):
        other = "implicit" if one.context != "implicit" else "explicit"
        edit = world.edit()
        edit.put("casts", name, replace(one, context=other))
        ddl = (
            f"update pg_catalog.pg_cast set castcontext = '{letters[other]}' where "
            f"castsource = {literal(one.source)}::pg_catalog.regtype "
            f"and casttarget = {literal(one.target)}::pg_catalog.regtype"
        )
        yield Change(name, f"cast {name} is {other} instead of {one.context}", edit, (ddl,))


@KINDS.kind("CollationRenamed", "a collation gets another name", noun="collation", unlike="what refers to it")
def _collation_renamed(world: World) -> Iterator[Change]:
    for name, one in world.each("collations"):
        schema, bare = split(name)
        edit, new = world.edit(), f"{quote(schema)}.{quote(renamed(bare))}"
        edit.put("collations", name, None)
        edit.put("collations", new, replace(one, name=new))
        ddl = f"alter collation {name} rename to {quote(renamed(bare))}"
        yield Change(name, f"collation {name} is renamed to {quote(renamed(bare))}", edit, (ddl,))


@KINDS.kind("ForeignServerOptionChanged", "a foreign server is reached in another way", noun="foreign server")
def _server_option(world: World) -> Iterator[Change]:
    for name, one in world.each("foreign_servers"):
        edit = world.edit()
        options, action = _other_options(one.options)
        edit.put("foreign_servers", name, replace(one, options=options))
        ddl = f"alter server {quote(name)} options ({action})"
        yield Change(quote(name), f"server {quote(name)} has other options: {action}", edit, (ddl,))


def _other_options(options: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Without one of the options, for only those that are there are known to be taken; or with one that is made up."""
    shown = [option for option in options if not option.endswith(f"={HIDDEN}")]
    if shown:
        return tuple(one for one in options if one != shown[0]), f"drop {quote(shown[0].partition('=')[0])}"
    return tuple(sorted((*options, f"{NEW}=1"))), f"add {NEW} '1'"


@KINDS.kind("ForeignTableDropped", "a foreign table is dropped", noun="foreign table", unlike=_BY_TEXT)
def _foreign_dropped(world: World) -> Iterator[Change]:
    for relation in world.relations:
        if relation.kind == "foreign table":
            edit = world.edit()
            Dropping(edit, world).relation(relation.name)
            ddl = f"drop foreign table {relation.name} cascade"
            yield Change(relation.name, f"foreign table {relation.name} is dropped", edit, (ddl,), relation.name)


@KINDS.kind("ForeignTableOptionChanged", "a foreign table's rows come from elsewhere", noun="foreign table")
def _foreign_option(world: World) -> Iterator[Change]:
    for relation in world.relations:
        one = world.catalog.foreign_tables.get(relation.name)
        if one is not None:
            edit = world.edit()
            options, action = _other_options(one.options)
            edit.put("foreign_tables", relation.name, replace(one, options=options))
            words = f"foreign table {relation.name} has other options: {action}"
            ddl = f"alter foreign table {relation.name} options ({action})"
            yield Change(relation.name, words, edit, (ddl,), relation.name)


@KINDS.kind("ForeignColumnOptionAdded", "a foreign table's column comes from another", noun="foreign table")
def _foreign_column_option(world: World) -> Iterator[Change]:
    for relation in world.relations:
        one = world.catalog.foreign_tables.get(relation.name)
        column = next(iter(relation.columns), None)
        if one is not None and column is not None:
            there = {each.column: each for each in one.columns}
            told = there.get(column, ColumnOptions(column, ()))
            there[column] = replace(told, options=tuple(sorted((*told.options, f"{NEW}=1"))))
            columns = tuple(there[name] for name in relation.columns if name in there)
            edit = world.edit()
            edit.put("foreign_tables", relation.name, replace(one, columns=columns))
            words = f"column {relation.name}.{quote(column)} has the option {NEW}"
            ddl = f"alter foreign table {relation.name} alter column {quote(column)} options (add {NEW} '1')"
            yield Change(relation.name, words, edit, (ddl,), relation.name)


@KINDS.kind("UserMappingAdded", "one role more may act on a foreign server, as whom nobody said", noun="foreign server")
def _mapping_added(world: World) -> Iterator[Change]:
    for name, one in world.each("foreign_servers"):
        if all(user.role != PUBLIC for user in one.users):
            edit = world.edit()
            edit.put("foreign_servers", name, replace(one, users=(UserMapping(PUBLIC), *one.users)))
            ddl = f"create user mapping for public server {quote(name)}"
            yield Change(quote(name), f"server {quote(name)} has a user mapping for public", edit, (ddl,))


@KINDS.kind("UserMappingDropped", "a role may no longer act on a foreign server", noun="foreign server")
def _mapping_dropped(world: World) -> Iterator[Change]:
    for name, one in world.each("foreign_servers"):
        for user in one.users:
            edit = world.edit()
            left = tuple(each for each in one.users if each != user)
            edit.put("foreign_servers", name, replace(one, users=left))
            role = "public" if user.role == PUBLIC else quote(user.role)
            ddl = f"drop user mapping for {role} server {quote(name)}"
            yield Change(quote(name), f"server {quote(name)} loses its user mapping for {role}", edit, (ddl,))


@KINDS.kind("LanguageTrustChanged", "who may write functions in a language changes", noun="language")
def _language_trust(world: World) -> Iterator[Change]:
    for name, one in world.each("languages"):
        if one.procedural:
            edit, other = world.edit(), not one.trusted
            edit.put("languages", name, replace(one, trusted=other))
            ddl = (
                f"update pg_catalog.pg_language set lanpltrusted = {str(other).lower()} where lanname = {literal(name)}"
            )
            words = f"language {quote(name)} is {'trusted' if other else 'not trusted'}"
            yield Change(quote(name), words, edit, (ddl,))


def _target(plural: str, name: str, record: Any) -> str:
    return named.addressed(plural, name, record)
