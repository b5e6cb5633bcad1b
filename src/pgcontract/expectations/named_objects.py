"""The objects that expectations name by stating that they are there, by what Postgres calls them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import schema_of
from pgcontract.expectations.collations import CollationExists
from pgcontract.expectations.composites import CompositeAttributes
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.event_triggers import EventTriggerPresent
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.expectations.foreign_data_wrappers import ForeignDataWrapperPresent
from pgcontract.expectations.foreign_servers import ForeignServerPresent
from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.functions import FunctionPresent
from pgcontract.expectations.operator_classes import OperatorClassPresent
from pgcontract.expectations.operators import OperatorPresent
from pgcontract.expectations.partitions import PartitionOf
from pgcontract.expectations.publications import PublicationPresent
from pgcontract.expectations.ranges import RangeIs
from pgcontract.expectations.schemas import SchemaExists
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.expectations.statistics import StatisticsPresent
from pgcontract.expectations.subscriptions import SubscriptionPresent
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.text_search_configurations import TextSearchConfigurationPresent
from pgcontract.expectations.text_search_dictionaries import TextSearchDictionaryPresent
from pgcontract.expectations.types import EnumLabels, TypeExists
from pgcontract.expectations.views import ViewExists
from pgcontract.names import quote, signature, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pgcontract.contract.expectation import Expectation


def _statistics(each: StatisticsPresent) -> str | None:
    *schema, _ = split(each.table)
    return None if each.name is None else ".".join(map(quote, [*schema, each.name]))


def _operator(each: OperatorPresent) -> str:
    return f"{each.operator} ({each.left or 'NONE'}, {each.right or 'NONE'})"


# By the class: what Postgres calls the object, and its name; None where the expectation names none that counts.
NAMED: Mapping[type[Expectation], tuple[str, Callable[[Any], str | None]]] = {
    TableExists: ("table", lambda each: each.table),
    ForeignTableExists: ("foreign table", lambda each: each.table),
    ViewExists: ("view", lambda each: None if each.materialized else each.view),
    SequencePresent: ("sequence", lambda each: None if each.owned_by else each.sequence),
    FunctionPresent: ("routine", lambda each: each.function),
    TypeExists: ("type", lambda each: None if each.is_a in {"shell", "multirange"} else each.type),
    EnumLabels: ("type", lambda each: each.type),
    CompositeAttributes: ("type", lambda each: each.type),
    DomainIs: ("type", lambda each: each.domain),
    RangeIs: ("type", lambda each: each.type),
    CollationExists: ("collation", lambda each: each.collation),
    OperatorClassPresent: ("operator class", lambda each: each.operator_class),
    OperatorPresent: ("operator", _operator),
    StatisticsPresent: ("statistics", _statistics),
    TextSearchDictionaryPresent: ("text search dictionary", lambda each: each.dictionary),
    TextSearchConfigurationPresent: ("text search configuration", lambda each: each.configuration),
    SchemaExists: ("schema", lambda each: each.name),
    ExtensionInstalled: ("extension", lambda each: each.name),
    PublicationPresent: ("publication", lambda each: each.name),
    SubscriptionPresent: ("subscription", lambda each: each.name),
    EventTriggerPresent: ("event trigger", lambda each: each.name),
    ForeignServerPresent: ("server", lambda each: each.name),
    ForeignDataWrapperPresent: ("foreign data wrapper", lambda each: each.name),
    PartitionOf: ("partition", lambda each: each.partition),
}
_OF_DATABASE = frozenset(
    {"schema", "extension", "publication", "subscription", "event trigger", "server", "foreign data wrapper"}
)


def named_in(expectations: Iterable[Expectation]) -> Callable[[str, str | None], list[str]]:
    """The canonical names that expectations say are there, as a function of the noun and the schema, in order.

    A table that is said to be a partition is not among the tables, nor a sequence that belongs to a column among the
    sequences: closed worlds leave them out.
    """
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for each in expectations:
        noun, name_of = NAMED.get(type(each), ("", None))
        name = None if name_of is None else name_of(each)
        if isinstance(each, ViewExists) and each.materialized:
            noun, name = "materialized view", each.view
        if name is not None:
            found[noun, None if noun in _OF_DATABASE else _schema(noun, name)].add(name)
    partitions = {name for (noun, _), names in found.items() if noun == "partition" for name in names}

    def names(noun: str, schema: str | None) -> list[str]:
        return sorted(found[noun, schema] - (partitions if noun in {"table", "foreign table"} else frozenset()))

    return names


def _schema(noun: str, name: str) -> str:
    return schema_of(
        signature(name)[0] if noun == "routine" else name.partition(" (")[0] if noun == "operator" else name
    )
