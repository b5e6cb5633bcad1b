"""What hangs on relations or stands beside them, against what the server says of it in other ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog import saved
from pgcontract.catalog.inheritance import ancestors, children
from pgcontract.catalog.snapshot import read
from pgcontract.catalog.views import View
from pgcontract.names import qualified

if TYPE_CHECKING:
    import psycopg

    from pgcontract.catalog.catalog import Catalog


def test_views(odd: Catalog, odd_connection: psycopg.Connection[Any]) -> None:
    of_views = "select schemaname, viewname, definition from pg_views"
    of_materialized = "select schemaname, matviewname, definition from pg_matviews"
    for schema, name, definition in odd_connection.execute(f"{of_views} union all {of_materialized}".encode()):
        if not schema.startswith("pg_") and schema != "information_schema":
            assert odd.views[qualified(schema, name)].definition == definition.strip()[:-1]
    of_kind = {name for name, relation in odd.relations.items() if "view" in relation.kind}
    assert odd.views.keys() == of_kind
    assert not odd.views["odd.matview"].populated
    assert odd.views['odd."Bar, rier"'] == View(
        'odd."Bar, rier"',
        odd.views['odd."Bar, rier"'].definition,
        security_barrier=True,
        check_option="CASCADED",
    )
    checked = odd_connection.execute(
        "select table_name, check_option from information_schema.views where table_schema = 'odd'"
    )
    assert dict(checked.fetchall()) == {
        view.name.removeprefix("odd.").strip('"'): view.check_option or "NONE"
        for view in odd.views.values()
        if not view.materialized and view.name.startswith("odd.")
    }


@pytest.mark.pg(">= 15")
def test_a_security_invoker(odd: Catalog) -> None:
    assert {name for name, view in odd.views.items() if view.security_invoker} == {"odd.invoker"}


def test_inheritance(odd: Catalog, odd_connection: psycopg.Connection[Any]) -> None:
    assert ancestors(odd.inheritance, "odd.grandchild") == {"odd.heir": 1, "odd.second_parent": 1, "odd.parent": 2}
    assert ancestors(odd.inheritance, "odd.parted_1a") == {"odd.parted_1": 1, "odd.parted": 2}
    assert ancestors(odd.inheritance, "odd.nothing") == {}
    assert [child.name for child in children(odd.inheritance, "odd.parted")] == ["odd.parted_1", "odd.parted_rest"]
    tree = odd_connection.execute("select relid::text from pg_partition_tree('odd.parted') where level > 0").fetchall()
    assert {name for (name,) in tree} == {n for n in odd.inheritance if "odd.parted" in ancestors(odd.inheritance, n)}
    assert str(odd.partitions["odd.by_expression"]) == 'RANGE (lower(t) COLLATE "C", ((id + 1)))'


def test_secrets_stay_on_the_server(odd: Catalog) -> None:
    assert "never" not in saved.dump(odd)
    assert odd.foreign_servers["Odd Server"].options == ("Pass Word=(hidden)", "api_key=(hidden)", "host=h=1")


def test_subscriptions_without_their_connection(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "create subscription s connection 'host=nowhere password=never' publication b, a "
        "with (connect = false, enabled = false, slot_name = none)"
    )
    try:
        connection.execute("create role reads_subscriptions")
        connection.execute("set role reads_subscriptions")
        catalog = read(connection)
    finally:
        connection.execute("reset role")
        connection.execute("drop role if exists reads_subscriptions")
        connection.execute("drop subscription s")
    (subscription,) = catalog.subscriptions.values()
    assert (subscription.enabled, subscription.slot, subscription.publications) == (False, None, ("a", "b"))
    assert "never" not in saved.dump(catalog)


@pytest.mark.pg(">= 15")
def test_what_is_published(odd: Catalog) -> None:
    table = odd.publications["odd_filtered"].published["odd.clustered"]
    assert (table.columns, table.where) == (("id", "K k"), '(("K k" > 0) AND (id <> 3))')
    assert odd.publications["odd_schemas"].schemas == ("odd", "select")
