"""`ALTER … RENAME TO`, to be run again without harm, and the catalog after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.renaming import column_renamed, part_renamed, renamed
from pgcontract.catalog.rules import rule_name
from pgcontract.expectations.guarded import constraint, where
from pgcontract.expectations.kinds import KINDS
from pgcontract.names import literal, qualified, quote, signature, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.repair.renames.pairs import Pair

PARTS: Mapping[str, str] = {
    "column": "columns",
    "constraint": "constraints",
    "index": "indexes",
    "policy": "policies",
    "trigger": "triggers",
}
"""The fields of a relation, by what hangs on it."""

_IN_PLACE: Mapping[str, str] = {
    **dict.fromkeys(("table", "view", "materialized view", "foreign table"), "relations"),
    **dict.fromkeys(("function", "procedure", "aggregate", "routine"), "functions"),
    **dict.fromkeys(("type", "domain", "enum", "composite type", "range type"), "types"),
    "sequence": "sequences",
    "collation": "collations",
    "statistics": "statistics",
    "text search configuration": "text_search_configurations",
    "text search dictionary": "text_search_dictionaries",
    "publication": "publications",
    "event trigger": "event_triggers",
}
_IF_EXISTS = frozenset({"table", "view", "materialized view", "foreign table", "sequence"})
# Where a row of a catalog tells whether the old name is still there: the catalog, and the columns of schema and name.
_ROWS: Mapping[str, tuple[str, str, str]] = {
    "statistics": ("pg_statistic_ext", "stxnamespace", "stxname"),
    "collation": ("pg_collation", "collnamespace", "collname"),
    "text search configuration": ("pg_ts_config", "cfgnamespace", "cfgname"),
    "text search dictionary": ("pg_ts_dict", "dictnamespace", "dictname"),
    "type": ("pg_type", "typnamespace", "typname"),
}
_OF_DATABASE: Mapping[str, str] = {
    "publication": "pg_publication where pubname",
    "event trigger": "pg_event_trigger where evtname",
}
_OF_TABLE: Mapping[str, str] = {
    "column": "pg_attribute where not attisdropped and attrelid = {} and attname = {}",
    "policy": "pg_policy where polrelid = {} and polname = {}",
    "trigger": "pg_trigger where not tgisinternal and tgrelid = {} and tgname = {}",
    "rule": "pg_rewrite where ev_class = {} and rulename = {}",
}


def able(noun: str) -> bool:
    """Whether things of the kind are renamed here."""
    return noun in PARTS or noun in _IN_PLACE or noun == "rule"


def plural(noun: str) -> str:
    """The field of the catalog, or of a relation, that has the kind."""
    return PARTS.get(noun) or _IN_PLACE[noun]


def statement(pair: Pair) -> str:
    """The statement, which does nothing where the old name is not there."""
    if pair.of is not None:
        return _of_table(pair.noun, pair.of, pair.old, pair.new)
    sql, to = KINDS[pair.noun].sql, quote(_own(pair.new))
    if sql in _IF_EXISTS:
        return f"alter {sql} if exists {pair.old} rename to {to};"
    if pair.noun in _OF_DATABASE:
        alter = f"alter {sql} {quote(pair.old)} rename to {to};"
        return where(alter, f"pg_catalog.{_OF_DATABASE[pair.noun]} = {literal(pair.old)}")
    if plural(pair.noun) == "functions":
        still = f"pg_catalog.pg_proc where oid = pg_catalog.to_regprocedure({literal(pair.old)})"
        return where(f"alter routine {pair.old} rename to {to};", still)
    catalog, of_schema, name = _ROWS["type" if plural(pair.noun) == "types" else pair.noun]
    schema, own = split(pair.old)
    place = f"{of_schema} = {literal(quote(schema))}::pg_catalog.regnamespace"
    row = f"pg_catalog.{catalog} where {place} and {name} = {literal(own)}"
    return where(f"alter {sql} {pair.old} rename to {to};", row)


def _own(name: str) -> str:
    """The name itself, unquoted and without schema and arguments."""
    try:
        return split(signature(name)[0])[-1]
    except ValueError:
        return name


def _of_table(noun: str, table: str, old: str, new: str) -> str:
    if noun == "index":
        return f"alter index if exists {qualified(split(table)[0], old)} rename to {quote(new)};"
    if noun == "constraint":
        alter = f"alter table {table} rename constraint {quote(old)} to {quote(new)};"
        return where(alter, constraint(table, old))
    row = f"pg_catalog.{_OF_TABLE[noun].format(f'{literal(table)}::pg_catalog.regclass', literal(old))}"
    if noun == "column":
        return where(f"alter table {table} rename column {quote(old)} to {quote(new)};", row)
    return where(f"alter {noun} {quote(old)} on {table} rename to {quote(new)};", row)


def after(catalog: Catalog, pair: Pair) -> Catalog:
    """The catalog when the statement has run."""
    if pair.of is None:
        if plural(pair.noun) == "functions":
            return renamed(catalog, "functions", signature(pair.old)[0], signature(pair.new)[0])
        return renamed(catalog, plural(pair.noun), pair.old, pair.new)
    if pair.noun == "column":
        return column_renamed(catalog, pair.of, pair.old, pair.new)
    if pair.noun == "rule":
        old, new = (rule_name(pair.of, name) for name in (pair.old, pair.new))
        return catalog.changed({"rules": {old: None, new: replace(catalog.rules[old], name=new)}})
    return part_renamed(catalog, pair.of, PARTS[pair.noun], pair.old, pair.new)
