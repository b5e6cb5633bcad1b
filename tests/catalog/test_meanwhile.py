"""What a caller does with a catalog while the rest of it is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.catalog.stream import Stream

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog

SCHEMA = """
create table t (id int primary key default 3, name text check (name <> 'x'), other int);
create index on t (lower(name));
create policy p on t using (other > 1);
create view v as select id from t;
"""


def test_it_sees_all_that_is_given_back(connection: Any) -> None:
    connection.execute(SCHEMA)
    seen: list[Catalog] = []
    looked: list[Any] = []

    def look(catalog: Catalog) -> None:
        seen.append(catalog)
        table = catalog.tables["public.t"]
        looked.append((dict(table.columns), dict(table.indexes), dict(table.constraints), dict(table.policies)))
        looked.append((dict(catalog.views), dict(catalog.roles), dict(catalog.types)))

    catalog = read(connection, look)
    table = catalog.tables["public.t"]
    assert seen == [catalog]
    assert seen[0] is catalog
    assert looked == [
        (table.columns, table.indexes, table.constraints, table.policies),
        (catalog.views, catalog.roles, catalog.types),
    ]
    assert catalog == read(connection)


def test_it_is_called_before_the_rest_is_there(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    original = Stream.rows

    def counted(stream: Stream, number: int) -> Any:
        taken.append(number)
        return original(stream, number)

    monkeypatch.setattr(Stream, "rows", counted)
    before: list[int] = []
    read(connection, lambda _: before.append(len(taken)))
    assert before[0] < len(taken) / 2


def test_what_it_raises_ends_the_read_and_not_the_connection(connection: Any) -> None:
    def fail(_: Catalog) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read(connection, fail)
    assert read(connection) == read(connection)
