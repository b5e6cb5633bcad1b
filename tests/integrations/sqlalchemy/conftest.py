"""A database that holds what metadata creates, for the length of a block."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from types import ModuleType

    from pgcontract.embedded import Databases

Created: TypeAlias = Callable[[MetaData], AbstractContextManager[Connection]]


@pytest.fixture(scope="session")
def models() -> ModuleType:
    """The module beside this one."""
    spec = importlib.util.spec_from_file_location("shop", Path(__file__).with_name("shop.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def created(server: Databases, fresh_name: Callable[[], str]) -> Iterator[Created]:
    """`with created(metadata) as connection`: in a transaction that is rolled back at the end of the block."""
    name = fresh_name()
    url = server.create_database(name).replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, poolclass=NullPool)

    @contextmanager
    def made(metadata: MetaData) -> Iterator[Connection]:
        with engine.connect() as connection, connection.begin() as transaction:
            for schema in sorted({table.schema for table in metadata.tables.values() if table.schema}):
                connection.execute(text(f'create schema "{schema}"'))
            metadata.create_all(connection)
            yield connection
            transaction.rollback()

    yield made
    server.drop_database(name)
