"""What stands beside the tables: statistics, text search, publications, subscriptions, event triggers, and servers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.catalog.foreign_servers import HIDDEN
from pgcontract.expectations.event_triggers import EventTriggerPresent
from pgcontract.expectations.foreign_data_wrappers import ForeignDataWrapperPresent
from pgcontract.expectations.foreign_servers import ForeignServerPresent
from pgcontract.expectations.publications import PublicationPresent, TablePublished
from pgcontract.expectations.statistics import StatisticsPresent
from pgcontract.expectations.subscriptions import SubscriptionPresent
from pgcontract.expectations.text_search_configurations import TextSearchConfigurationPresent
from pgcontract.expectations.text_search_dictionaries import TextSearchDictionaryPresent
from pgcontract.lifecycle.inventory.databases import named
from pgcontract.lifecycle.inventory.frame import Source, closed, described, readable
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.foreign_servers import ForeignServer
    from pgcontract.catalog.publications import Publication
    from pgcontract.contract.expectation import Expectation


def foreign_data(source: Source) -> Iterator[Expectation]:
    """Foreign data wrappers, and the servers that they speak with; no value that may be a secret is said."""
    for each in source.records("foreign_data_wrappers"):
        yield ForeignDataWrapperPresent(
            each.name, handler=each.handler, validator=each.validator, options=named(each.options), only_options=True
        )
        yield from described(source, "foreign data wrapper", each.name, each, "foreign_data_wrapper")
    for each in source.records("foreign_servers"):
        yield ForeignServerPresent(
            each.name,
            wrapper=each.wrapper,
            options=named(each.options),
            only_options=True,
            type=each.type,
            version=each.version,
            users=[(user.role, user.options) for user in each.users] if _told(each) else None,
        )
        yield from described(source, "server", each.name, each, "server")
    yield from readable(
        partial(closed, source, "foreign data wrapper", "foreign_data_wrappers"),
        partial(closed, source, "server", "foreign_servers"),
    )


def _told(server: ForeignServer) -> bool:
    """Whether the reader was told of all user mappings what options they have."""
    return all(user.options != (HIDDEN,) for user in server.users)


def statistics(source: Source) -> Iterator[Expectation]:
    """Statistics objects, and each thing that they gather."""
    for each in source.records("statistics"):
        keys = (*map(quote, each.columns), *each.expressions)
        name = split(each.name)[1]
        yield StatisticsPresent(each.table, keys, name=name, kinds=each.kinds or None)
        yield from described(source, "statistics", each.name, each)


def text_search(source: Source) -> Iterator[Expectation]:
    """Text search dictionaries and configurations."""
    for each in source.records("text_search_dictionaries"):
        yield TextSearchDictionaryPresent(each.name, template=each.template, options=each.options, only_options=True)
        yield from described(source, "text search dictionary", each.name, each)
    for each in source.records("text_search_configurations"):
        mappings = [(mapping.token, mapping.dictionaries) for mapping in each.mappings]
        yield TextSearchConfigurationPresent(each.name, parser=each.parser, mappings=mappings, only_mappings=True)
        yield from described(source, "text search configuration", each.name, each)


def publications(source: Source) -> Iterator[Expectation]:
    """Publications, and what each publishes of which table."""
    if not source.scope.whole:
        return
    for each in source.records("publications"):
        yield from readable(partial(_publication, each))
        yield from described(source, "publication", each.name, each)
    yield from readable(partial(closed, source, "publication", "publications"))


def _publication(each: Publication) -> Iterator[Expectation]:
    yield PublicationPresent(
        each.name,
        tables=list(each.published),
        operations=each.operations,
        all_tables=each.all_tables,
        schemas=each.schemas,
        via_root=each.via_root,
    )
    for table in each.published.values():
        yield TablePublished(table.name, each.name, where=table.where or "true", columns=table.columns)


def subscriptions(source: Source) -> Iterator[Expectation]:
    """Subscriptions; their connections hold passwords, and are never read."""
    for each in source.records("subscriptions"):
        yield SubscriptionPresent(each.name, publications=each.publications, enabled=each.enabled, slot=each.slot)
        yield from described(source, "subscription", each.name, each)
    yield from readable(partial(closed, source, "subscription", "subscriptions"))


def event_triggers(source: Source) -> Iterator[Expectation]:
    """Event triggers."""
    for each in source.records("event_triggers"):
        yield EventTriggerPresent(
            each.name,
            event=each.event,
            function=f"{each.function}()",
            commands=each.tags,
            enabled=each.enabled in {"ORIGIN", "ALWAYS"},
            state=each.enabled,
        )
        yield from described(source, "event trigger", each.name, each)
    yield from readable(partial(closed, source, "event trigger", "event_triggers"))
