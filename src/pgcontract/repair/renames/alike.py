"""Whether what the contract says of one thing is true of another one, but for the name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.forms import FormError
from pgcontract.catalog.objects import MissingObjectError, UnreadableError
from pgcontract.expectations.aggregates import AggregateIs
from pgcontract.expectations.collations import CollationExists
from pgcontract.expectations.column_collations import ColumnCollation
from pgcontract.expectations.columns import ColumnDefault, ColumnNotNull, ColumnNullable, ColumnsAre, ColumnType
from pgcontract.expectations.composites import CompositeAttributes
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.event_triggers import EventTriggerPresent
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.functions import FunctionPresent
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.identity import ColumnIdentity
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.kinds import KINDS
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf
from pgcontract.expectations.policies import PolicyPresent
from pgcontract.expectations.publications import PublicationPresent
from pgcontract.expectations.ranges import RangeIs
from pgcontract.expectations.rules import RulePresent
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.expectations.statistics import StatisticsPresent
from pgcontract.expectations.text_search_configurations import TextSearchConfigurationPresent
from pgcontract.expectations.text_search_dictionaries import TextSearchDictionaryPresent
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.expectations.types import EnumLabels
from pgcontract.expectations.views import ViewExists
from pgcontract.names import signature, split
from pgcontract.repair.renames.statements import after, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.renames.pairs import Pair
    from pgcontract.repair.said import Said

_TYPES = (EnumLabels, CompositeAttributes, DomainIs, RangeIs)
_ROUTINES = (FunctionPresent, AggregateIs)
_KEYS = (UniqueConstraint, CheckConstraint, ForeignKey, ExclusionConstraint)
# What makes a thing what it is, by what it is: the kinds of expectations, and the field in which its name stands.
# Comments, owners and privileges do not, nor what hangs on a table.
_DEFINING: Mapping[str, tuple[tuple[Any, ...], str]] = {
    "table": ((ColumnsAre, ColumnType, PartitionedBy), "table"),
    "foreign table": ((ForeignTableExists, ColumnsAre, ColumnType), "table"),
    "view": ((ViewExists,), "view"),
    "materialized view": ((ViewExists,), "view"),
    "sequence": ((SequencePresent,), "sequence"),
    "collation": ((CollationExists,), "collation"),
    "text search configuration": ((TextSearchConfigurationPresent,), "configuration"),
    "text search dictionary": ((TextSearchDictionaryPresent,), "dictionary"),
    "publication": ((PublicationPresent,), "name"),
    "event trigger": ((EventTriggerPresent,), "name"),
}
_OF_COLUMN = (
    ColumnType,
    ColumnNotNull,
    ColumnNullable,
    ColumnDefault,
    ColumnIdentity,
    ColumnGenerated,
    ColumnCollation,
)
_OF_TABLE: Mapping[str, tuple[tuple[Any, ...], str]] = {
    "column": (_OF_COLUMN, "column"),
    "constraint": (_KEYS, "name"),
    "index": ((IndexPresent,), "name"),
    "policy": ((PolicyPresent,), "name"),
    "trigger": ((TriggerPresent,), "name"),
    "rule": ((RulePresent,), "name"),
}
# Of what may be stated by its name alone: the fields of which one must say more.
_SUBSTANCE: Mapping[Any, tuple[str, ...]] = {
    ViewExists: ("definition",),
    FunctionPresent: ("body",),
    PolicyPresent: ("using", "with_check", "exact"),
    TriggerPresent: ("function",),
    RulePresent: ("action",),
    CollationExists: ("locale",),
    EventTriggerPresent: ("function",),
    SequencePresent: ("type", "start", "increment", "minimum", "maximum", "owned_by"),
    PublicationPresent: ("tables", "all_tables", "schemas"),
    TextSearchConfigurationPresent: ("parser",),
    TextSearchDictionaryPresent: ("template",),
}


def defining(said: Said, pair: Pair) -> list[Expectation]:
    """What the contract says of the new name that makes a thing what it is; nothing where it says too little."""
    found = list(_found(said, pair))
    if not any(_has_substance(each) for each in found):
        return []
    if pair.noun in {"table", "foreign table", "column"} and not any(isinstance(each, ColumnType) for each in found):
        return []
    return found


def _has_substance(expectation: Expectation) -> bool:
    fields = _SUBSTANCE.get(type(expectation))
    return fields is None or any(getattr(expectation, field) not in (None, False) for field in fields)


def _found(said: Said, pair: Pair) -> Iterable[Expectation]:
    if pair.of is not None:
        kinds, field = _OF_TABLE[pair.noun]
        place = "relation" if pair.noun == "rule" else "table"
        found = [each for kind in kinds for each in said.of(kind, place, pair.of, **{field: pair.new})]
        return found or (said.of(PrimaryKey, "table", pair.of) if pair.noun == "constraint" else ())
    if pair.noun == "statistics":
        schema, name = split(pair.new)
        return [each for each in said.all(StatisticsPresent) if each.name == name and split(each.table)[0] == schema]
    if pair.noun in _DEFINING:
        kinds, field = _DEFINING[pair.noun]
        partition = said.of(PartitionOf, "partition", pair.new) if pair.noun == "table" else ()
        return [*(each for kind in kinds for each in said.of(kind, field, pair.new)), *partition]
    if KINDS[pair.noun].place == "routine":
        return _routine(said, pair.new)
    return [each for kind in _TYPES for each in said.of(kind, "domain" if kind is DomainIs else "type", pair.new)]


def _routine(said: Said, wanted: str) -> list[Expectation]:
    """What is said of a routine, which may be written by its name alone, or with other words for its types."""
    name = signature(wanted)[0]
    routines: list[FunctionPresent | AggregateIs] = [*said.all(FunctionPresent), *said.all(AggregateIs)]
    written = [(_name(each), each) for each in routines if signature(_name(each))[0] == name]
    if len({text for text, _ in written}) == 1:
        return [each for _, each in written]
    return [each for text, each in written if text == wanted]


def _name(routine: FunctionPresent | AggregateIs) -> str:
    return routine.function if isinstance(routine, FunctionPresent) else routine.aggregate


def true_of(catalog: Catalog, expectations: Iterable[Expectation], pair: Pair) -> bool:
    """Whether all of them hold on a catalog in which the thing has its new name."""
    try:
        holds = not any(finding for each in expectations for finding in each.check(catalog))  # type: ignore[attr-defined]
    except (MissingObjectError, FormError, UnreadableError):
        return False
    if pair.noun == "constraint" and all(isinstance(each, PrimaryKey) for each in expectations):
        return catalog.relations[pair.of or ""].constraints[pair.new].kind == "PRIMARY KEY"
    return holds


def mostly(catalog: Catalog, expectations: Iterable[Expectation], pair: Pair) -> bool:
    """Whether at least half of a table's columns, and of those that the contract has, are there and of their types.

    A column may be of another type.
    """
    if pair.of is not None:
        return True
    types = [each for each in expectations if isinstance(each, ColumnType)]
    same = sum(true_of(catalog, [each], pair) for each in types)
    return 2 * same >= max(len(types), len(catalog.relations[pair.new].columns))


def lightly(catalog: Catalog, pair: Pair) -> Catalog:
    """The catalog with the thing under its new name, but not what refers to it: enough to look at the thing itself."""
    if pair.of is not None:
        return after(catalog, pair)
    field = plural(pair.noun)
    record = getattr(catalog, field)[pair.old]
    name = signature(pair.new)[0] if field == "functions" else pair.new
    changes = {field: {pair.old: None, pair.new: replace(record, name=name)}}
    for other in _BESIDE if field == "relations" else ():
        behind = getattr(catalog, other).get(pair.old)
        if behind is not None:
            changes[other] = {pair.old: None, pair.new: replace(behind, name=pair.new)}
    return catalog.changed(changes)


_BESIDE = ("views", "inheritance", "partitions", "foreign_tables")
