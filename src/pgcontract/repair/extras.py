"""What is there and not in the contract, where the contract closes a world: the statement that drops it.

Nobody asked for it to be dropped, and its definition is nowhere but in the database: it never goes unasked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import ancestors
from pgcontract.catalog.uses import uses
from pgcontract.expectations.guarded import where
from pgcontract.expectations.kinds import KINDS, drop
from pgcontract.names import literal, quote, split
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.verdict import Finding, Hazard


def dropped(expectation: Expectation, finding: Finding, catalog: Catalog) -> Draft | None:
    """The statement that drops what a finding of a closed world says is there unasked; None for other findings."""
    if finding.observed is None or finding.repair or not (finding.expected or "").startswith("no "):
        return None
    dropping = _DROPPERS.get(expectation.kind)
    sql, hazard = (None, "none") if dropping is None else dropping(expectation, finding, catalog)
    if sql is None:
        return None
    late = _readers(catalog, finding.observed)
    return Draft((Repair(sql, hazard),), mends=(finding.message,), guarded=True, late=late)


def _readers(catalog: Catalog, name: str) -> int:
    """How many views read a view through each other: those must go before it."""
    if name not in catalog.views:
        return 0
    parts = split(name)
    readers = (other for other, view in catalog.views.items() if parts in uses(view.definition).names)
    return max((1 + _readers(catalog, other) for other in readers if other != name), default=0)


_OF_TABLES = frozenset({"index", "constraint", "trigger", "rule", "statistics"})


def _hazard(noun: str) -> Hazard:
    """What dropping one costs: rows, if it holds any; a lock on its table; or that somebody can use it no more."""
    kind = KINDS[noun]
    if kind.hazard != "none":
        return kind.hazard
    return "blocks writes" if kind.sql in _OF_TABLES else "changes access"


_Dropped = tuple[str | None, "Hazard"]


def _of_noun(noun: str, field: str | None = None) -> Callable[[Any, Finding, Catalog], _Dropped]:
    """For a closed world of one kind, which hangs on what `field` names, if anything."""

    def dropping(expectation: Any, finding: Finding, catalog: Catalog) -> _Dropped:
        of = None if field is None else getattr(expectation, field)
        return _noun(noun, of, finding, catalog)

    return dropping


def _noun(noun: str, of: str | None, finding: Finding, catalog: Catalog) -> _Dropped:
    kind = KINDS[noun]
    record = kind.found(catalog, of).get(finding.observed or "")
    if record is None or (noun == "index" and record.constraint is not None):
        return None, "none"
    if noun in {"column", "constraint"} and of is not None and catalog.relations[of].kind in _NO_TABLES:
        return None, "none"
    if noun == "column" and of is not None and _is_inherited(of, record.name, catalog):
        return None, "none"  # it goes with the parent's
    if noun == "schema" and not _is_empty(catalog, record.name):
        return None, "none"  # what is in it may be anything, and others may hang on that
    return drop(noun, record, of), _hazard(noun)


def _is_empty(catalog: Catalog, schema: str) -> bool:
    prefix = f"{quote(schema)}."
    held = (getattr(catalog, nouns) for nouns in _IN_SCHEMAS)
    return not any(name.startswith(prefix) for records in held for name in records)


_IN_SCHEMAS = (
    *("relations", "functions", "sequences", "types", "operators", "operator_classes", "collations", "statistics"),
    *("text_search_configurations", "text_search_dictionaries"),
)


def _is_inherited(table: str, column: str, catalog: Catalog) -> bool:
    parents = ancestors(catalog.inheritance, table)
    return any(column in catalog.relations[parent].columns for parent in parents if parent in catalog.relations)


_NO_TABLES = frozenset({"view", "materialized view"})


def _objects(expectation: Any, finding: Finding, catalog: Catalog) -> _Dropped:
    return _noun(expectation.noun, expectation.of, finding, catalog)


def _simple(noun: str) -> Callable[[Any, Finding, Catalog], _Dropped]:
    return lambda _expectation, finding, _catalog: (f"drop {noun} if exists {finding.observed};", "changes access")


def _partition(expectation: Any, finding: Finding, _catalog: Catalog) -> _Dropped:
    child, parent = str(finding.observed), expectation.table
    return where(f"alter table {parent} detach partition {child};", _inherits(child, parent)), "changes access"


def _child(expectation: Any, finding: Finding, catalog: Catalog) -> _Dropped:
    child, parent = str(finding.observed), expectation.table
    if catalog.relations[child].is_partition:
        return _partition(expectation, finding, catalog)
    return where(f"alter table {child} no inherit {parent};", _inherits(child, parent)), "changes access"


def _inherits(child: str, parent: str) -> str:
    of_child = f"inhrelid = {literal(child)}::pg_catalog.regclass"
    return f"pg_catalog.pg_inherits where {of_child} and inhparent = {literal(parent)}::pg_catalog.regclass"


def _published(expectation: Any, finding: Finding, catalog: Catalog) -> _Dropped:
    publication, name = catalog.publications[expectation.name], str(finding.observed)
    if name in publication.published:
        row = (
            "pg_catalog.pg_publication as p join pg_catalog.pg_publication_rel as r on r.prpubid = p.oid"
            f" where p.pubname = {literal(publication.name)} and r.prrelid = {literal(name)}::pg_catalog.regclass"
        )
        return where(f"alter publication {quote(publication.name)} drop table {name};", row), "changes access"
    row = (
        "pg_catalog.pg_publication as p join pg_catalog.pg_publication_namespace as n on n.pnpubid = p.oid"
        f" where p.pubname = {literal(publication.name)}"
        f" and n.pnnspid = {literal(quote(name))}::pg_catalog.regnamespace"
    )
    sql = f"alter publication {quote(publication.name)} drop tables in schema {quote(name)};"
    return where(sql, row), "changes access"


def _member(expectation: Any, finding: Finding, _catalog: Catalog) -> _Dropped:
    return f"alter extension {quote(expectation.name)} drop {finding.observed};", "changes access"


_DROPPERS: Mapping[str, Callable[[Any, Finding, Catalog], _Dropped]] = {
    "TablesAre": _of_noun("table"),
    "ViewsAre": _of_noun("view"),
    "MaterializedViewsAre": _of_noun("materialized view"),
    "ForeignTablesAre": _of_noun("foreign table"),
    "ColumnsAre": _of_noun("column", "table"),
    "PoliciesAre": _of_noun("policy", "table"),
    "IndexesAre": _of_noun("index", "table"),
    "TriggersAre": _of_noun("trigger", "table"),
    "RulesAre": _of_noun("rule", "relation"),
    "ObjectsAre": _objects,
    "PartitionsAre": _partition,
    "ChildrenAre": _child,
    "CastsAre": _simple("cast"),
    "OperatorsAre": _simple("operator"),
    "PublicationPresent": _published,
    "ExtensionMembersAre": _member,
}

LETS_GO = frozenset({"PartitionsAre", "ChildrenAre", "PublicationPresent", "ExtensionMembersAre"})
"""The kinds by which nothing is dropped: what is there unasked belongs to something no more, and stays."""
