"""What stands by itself and is missing: schemas, roles, extensions, sequences, collations, text search, rules, …."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from pgcontract.catalog.collations import Collation
from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.extensions import Extension
from pgcontract.catalog.roles import Role
from pgcontract.catalog.rules import Rule, rule_name
from pgcontract.catalog.schemas import Schema
from pgcontract.catalog.statistics import Statistics, StatisticsKind
from pgcontract.catalog.statistics_forms import listed
from pgcontract.catalog.text_search_configurations import TextSearchConfiguration
from pgcontract.catalog.text_search_dictionaries import TextSearchDictionary
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.identity import ColumnIdentity
from pgcontract.expectations.text_search_configurations import meant
from pgcontract.names import literal, qualified, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.columns import owner_of, record_of, sequence_name
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.sequences import Sequence
    from pgcontract.expectations.collations import CollationExists
    from pgcontract.expectations.extensions import ExtensionInstalled
    from pgcontract.expectations.roles import RoleExists
    from pgcontract.expectations.rules import RulePresent
    from pgcontract.expectations.schemas import SchemaExists
    from pgcontract.expectations.sequences import SequencePresent
    from pgcontract.expectations.statistics import StatisticsPresent
    from pgcontract.expectations.text_search_configurations import TextSearchConfigurationPresent
    from pgcontract.expectations.text_search_dictionaries import TextSearchDictionaryPresent
    from pgcontract.repair.context import Context


def schema(expectation: SchemaExists, context: Context) -> Draft | None:
    """The schema, where it is missing."""
    name = expectation.name
    if context.world.get("schemas", name) is not None:
        return None
    grants = context.world.grants("schemas", context.user)
    context.world.put("schemas", name, Schema(name, context.user, grants))
    return Draft((Repair(f"create schema if not exists {quote(name)};"),))


def role(expectation: RoleExists, context: Context) -> Draft | None:
    """The role, where it is missing; what it may do is then altered as for one that is there."""
    name = expectation.name
    if context.world.get("roles", name) is not None:
        return None
    context.world.put("roles", name, Role(name))
    there = f"pg_catalog.pg_roles where rolname = {literal(name)}"
    return Draft((Repair(unless(f"create role {quote(name)};", there), "changes access"),))


def extension(expectation: ExtensionInstalled, context: Context) -> Draft | None:
    """The extension, where it is missing; what it brings along cannot be known beforehand."""
    name, where = expectation.name, expectation.in_schema
    if context.world.get("extensions", name) is not None:
        return None
    if where is not None and context.world.get("schemas", where) is None:
        raise NotSaidError(f"its schema {quote(where)} is missing")
    record = Extension(name, expectation.minimum or "", where or "public", context.user)
    context.world.put("extensions", name, record)
    placed = f" schema {quote(where)}" if where else ""
    return Draft((Repair(f"create extension if not exists {quote(name)}{placed};"),))


def sequence(expectation: SequencePresent, context: Context) -> tuple[Draft, ...] | None:
    """The sequence, where it is missing, and then the column that it belongs to, while both have one owner.

    Raises:
        NotSaidError: It comes with an identity column.
    """
    said, name = expectation, expectation.sequence
    if name in context.world.catalog.sequences:
        return None
    for column in context.said.all(ColumnIdentity):
        if column.generated is not None and sequence_name(context, column.table, column.column) == name:
            behind = _behind(context, column)
            if behind is not None:
                return (_renamed(context, behind, name),)
            raise NotSaidError(f"it comes with the identity column {column.subject}")
    if context.world.get("sequences", name) is not None:
        return None
    kind = said.type or "bigint"
    owner = None if said.owned_by is None else owner_of(said.owned_by, schema_of(name))
    record = replace(record_of(name, context.user, kind, said), owned_by=owner)
    context.world.put("sequences", name, replace(record, grants=context.world.grants("sequences", context.user, name)))
    words = {
        "as {}": said.type,
        "start with {}": said.start,
        "increment by {}": said.increment,
        "minvalue {}": said.minimum,
        "maxvalue {}": said.maximum,
        "cache {}": said.cache,
        "cycle": said.cycle or None,
    }
    options = "".join(f" {word.format(value)}" for word, value in words.items() if value is not None)
    made = Draft((Repair(f"create sequence if not exists {name}{options};"),), makes=(name,))
    if owner is None:
        return (made,)
    belongs = Repair(f"alter sequence {name} owned by {owner};")
    table = owner.rpartition(".")[0]
    there = context.world.catalog.relations.get(table)
    if there is not None and there.owner != context.user:
        context.world.put("sequences", name, replace(context.world.get("sequences", name), owner=there.owner))
        handed = Repair(f"alter sequence {name} owner to {quote(there.owner)};", "changes access")
        return made, Draft((handed, belongs), needs=(table,), main=f"alter sequence {name};")
    return made, Draft((belongs,), needs=(table,), main=f"alter sequence {name};")


def _behind(context: Context, column: ColumnIdentity) -> Sequence | None:
    """The sequence that an identity column has."""
    owner = f"{column.table}.{quote(column.column)}"
    return next((each for each in context.world.catalog.sequences.values() if each.owned_by == owner), None)


def _renamed(context: Context, there: Sequence, name: str) -> Draft:
    context.world.drop("sequences", there.name)
    context.world.put("sequences", name, replace(there, name=name))
    return Draft((Repair(f"alter sequence if exists {there.name} rename to {quote(split(name)[1])};"),))


def collation(expectation: CollationExists, context: Context) -> Draft | None:
    """The collation, where it is missing.

    Raises:
        NotSaidError: Its provider or its locale is not said.
    """
    said, name = expectation, expectation.collation
    if context.world.get("collations", name) is not None:
        return None
    if said.provider is None or said.locale is None:
        raise NotSaidError(f"the contract does not say the provider and the locale of the collation {name}")
    both = said.locale.split("/") if said.provider == "libc" else [said.locale]
    locale = f"locale = {literal(said.locale)}"
    if len(both) > 1:
        locale = f"lc_collate = {literal(both[0])}, lc_ctype = {literal(both[1])}"
    deterministic = "" if said.deterministic is not False else ", deterministic = false"
    rules = f", rules = {literal(said.rules)}" if said.rules else ""
    record = Collation(name, said.provider, context.user, said.locale, said.deterministic is not False, said.rules)
    context.world.put("collations", name, record)
    sql = f"create collation if not exists {name} (provider = {said.provider}, {locale}{deterministic}{rules});"
    return Draft((Repair(sql),), makes=(name,))


def dictionary(expectation: TextSearchDictionaryPresent, context: Context) -> Draft | None:
    """The text search dictionary, where it is missing.

    Raises:
        NotSaidError: Its template is not said.
    """
    said, name = expectation, expectation.dictionary
    if context.world.get("text_search_dictionaries", name) is not None:
        return None
    if said.template is None:
        raise NotSaidError(f"the contract does not say the template of the text search dictionary {name}")
    template = meant(said.template, schema_of(name), ())
    context.require_schema(template)
    record = TextSearchDictionary(name, context.user, template, tuple(sorted(said.options)))
    context.world.put("text_search_dictionaries", name, record)
    options = "".join(f", {quote(k)} = {literal(v)}" for k, _, v in (each.partition("=") for each in said.options))
    sql = f"create text search dictionary {name} (template = {template}{options});"
    return Draft((Repair(unless(sql, _named("pg_ts_dict", "dict", name))),), makes=(name,))


def configuration(expectation: TextSearchConfigurationPresent, context: Context) -> Draft | None:
    """The text search configuration, where it is missing; its mappings are then altered as for one that is there.

    Raises:
        NotSaidError: Its parser is not said.
    """
    said, name = expectation, expectation.configuration
    if context.world.get("text_search_configurations", name) is not None:
        return None
    if said.parser is None:
        raise NotSaidError(f"the contract does not say the parser of the text search configuration {name}")
    parser = meant(said.parser, schema_of(name), ())
    context.require_schema(parser)
    context.world.put("text_search_configurations", name, TextSearchConfiguration(name, context.user, parser))
    sql = f"create text search configuration {name} (parser = {parser});"
    return Draft((Repair(unless(sql, _named("pg_ts_config", "cfg", name))),), makes=(name,))


def _named(catalog: str, prefix: str, name: str) -> str:
    place, own = split(name)
    return (
        f"pg_catalog.{catalog} as t join pg_catalog.pg_namespace as n on n.oid = t.{prefix}namespace"
        f" where n.nspname = {literal(place)} and t.{prefix}name = {literal(own)}"
    )


def rule(expectation: RulePresent, context: Context) -> Draft | None:
    """The rule, where it is missing or for another command.

    Raises:
        NotSaidError: The contract does not say what it does.
    """
    said, name = expectation, rule_name(expectation.relation, expectation.name)
    if context.world.get("relations", said.relation) is None:
        return None
    there: Rule | None = context.world.get("rules", name)
    if there is not None and said.event in {None, there.event} and said.instead in {None, there.instead}:
        return None
    if said.event is None or said.instead is None or said.action is None:
        raise NotSaidError(
            f"the contract does not say the event, the kind and the action of the rule {quote(said.name)}"
        )
    context.verbatim = True  # a rule that is not there is one that nobody was asked about
    condition = f"WHERE ({said.where}) " if said.where else ""
    clause = f"{condition}DO {'INSTEAD ' if said.instead else ''}{said.action}"
    head = f"RULE {quote(said.name)} AS ON {said.event} TO {said.relation} {clause}"
    record = Rule(name, said.relation, said.event, said.instead, "ORIGIN", f"CREATE {head}")
    context.world.put("rules", name, record)
    return Draft((Repair(f"create or replace {head};", "changes access"),), needs=(said.relation,))


def statistics(expectation: StatisticsPresent, context: Context) -> Draft | None:
    """The statistics object with all that the contract says it gathers, where there is none that fits."""
    said, relation = expectation, context.world.get("relations", expectation.table)
    if relation is None or context.world.get("schemas", schema_of(said.table)) is None:
        return None
    place, own = split(said.table)
    keys = tuple(map(context.own, said.forms()))
    known = {each for world in context.said.of(ObjectsAre, "noun", "statistics") for each in world.names}
    placed = [each for each in known if split(each)[-1] == said.name]
    place = split(placed[0])[0] if len(placed) == 1 else place
    name = qualified(place, said.name or f"{own}_{'_'.join(filter(str.isidentifier, said.columns))}_stat"[:60])
    there: Any = context.world.get("statistics", name)
    same = context.said.of(type(said), "table", said.table, name=said.name)
    alike = [each for each in same if each.columns == said.columns]
    words = {word for each in alike for word in ((each.gathers,) if each.gathers else each.kinds or ())}
    gathered = tuple(kind for kind in get_args(StatisticsKind) if kind in words)
    single = len(keys) == 1
    kinds = f" ({', '.join(gathered)})" if gathered and not single else ""
    plain = tuple(column for column in relation.columns if quote(column) in keys)
    others = tuple(key for key in keys if key not in map(quote, plain))
    record = Statistics(name, said.table, context.user, gathered, plain, others)
    if there is not None and (there.columns, there.expressions, there.kinds) == (plain, others, gathered):
        return None
    context.world.put("statistics", name, record)
    drop = [Repair(f"drop statistics if exists {name};")] if there is not None else []
    on = listed(keys, relation.columns)
    create = Repair(f"create statistics if not exists {name}{kinds} on {on} from {said.table};")
    return Draft((*drop, create), makes=(name,))
