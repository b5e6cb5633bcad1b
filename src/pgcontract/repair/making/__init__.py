"""What is missing or cannot be altered, made as the contract describes it: a function for each kind of expectation.

Each is given the expectation that failed and what is known, and gives statements, or None where a repair of the
finding's own will do, or where something else must be made first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.repair.context import Context
from pgcontract.repair.draft import Draft
from pgcontract.repair.making import (
    aggregates,
    columns,
    composites,
    constraints,
    domains,
    enums,
    foreign,
    functions,
    indexes,
    operators,
    policies,
    publications,
    retyping,
    simple,
    tables,
    triggers,
    types,
    views,
)

if TYPE_CHECKING:
    from pgcontract.expectations.foreign_tables import ForeignTableExists
    from pgcontract.expectations.tables import RelationExists, TableExists

Maker: TypeAlias = Callable[[Any, Context], Draft | tuple[Draft, ...] | None]


def _table(expectation: TableExists, context: Context) -> Draft | None:
    there = context.world.get("relations", expectation.table)
    return None if there is not None else tables.created(context, expectation.table)


def _foreign_table(expectation: ForeignTableExists, context: Context) -> Draft | None:
    there = context.world.get("relations", expectation.table)
    return None if there is not None else foreign.table(context, expectation.table)


def _relation(expectation: RelationExists, context: Context) -> Draft | None:
    """A relation of whatever kind the contract says it is, here or elsewhere."""
    from pgcontract.expectations.foreign_tables import ForeignTableExists  # noqa: PLC0415 - the four are told here only
    from pgcontract.expectations.views import ViewExists  # noqa: PLC0415 - as above

    name, kind = expectation.relation, expectation.of_kind
    if context.world.get("relations", name) is not None:
        return None
    if kind in {"view", "materialized view"} or context.said.has(ViewExists, "view", name):
        return views.created(context, name)
    if kind == "foreign table" or context.said.has(ForeignTableExists, "table", name):
        return foreign.table(context, name)
    return tables.created(context, name)


def _type(expectation: Any, context: Context) -> Draft | None:
    return types.created(context, getattr(expectation, "type", None) or expectation.domain)


MAKERS: Mapping[str, Maker] = {
    "SchemaExists": simple.schema,
    "RoleExists": simple.role,
    "ExtensionInstalled": simple.extension,
    "SequencePresent": simple.sequence,
    "CollationExists": simple.collation,
    "TextSearchDictionaryPresent": simple.dictionary,
    "TextSearchConfigurationPresent": simple.configuration,
    "RulePresent": simple.rule,
    "StatisticsPresent": simple.statistics,
    "TypeExists": _type,
    "DomainIs": domains.altered,
    "CompositeAttributes": composites.altered,
    "EnumLabels": enums.remade,
    "TableExists": _table,
    "RelationExists": _relation,
    "ColumnExists": columns.added,
    "ColumnIdentity": columns.identified,
    "ColumnType": retyping.retyped,
    "ColumnCollation": retyping.collated,
    "ColumnGenerated": retyping.regenerated,
    "PartitionOf": tables.attached,
    "ViewExists": views.made,
    "FunctionPresent": functions.made,
    "AggregateIs": aggregates.replaced,
    "TriggerPresent": triggers.made,
    "EventTriggerPresent": triggers.made_event,
    "PolicyPresent": policies.made,
    "PrimaryKey": constraints.key,
    "UniqueConstraint": constraints.unique,
    "CheckConstraint": constraints.check,
    "ExclusionConstraint": constraints.exclusion,
    "ForeignKey": constraints.foreign_key,
    "IndexPresent": indexes.index,
    "CastPresent": operators.cast,
    "OperatorPresent": operators.operator,
    "OperatorClassPresent": operators.operator_class,
    "PublicationPresent": publications.made,
    "TablePublished": publications.published,
    "ForeignDataWrapperPresent": foreign.wrapper,
    "ForeignServerPresent": foreign.server,
    "ForeignTableExists": _foreign_table,
}
"""By the class name of the expectation."""
