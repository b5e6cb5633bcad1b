"""pytest: each expectation of a contract is a test, and fixtures for tests of one's own.

pytest loads this module whenever pgcontract is installed: it imports nothing of ours but where it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from pgcontract.integrations.pytest_plugin.acting import PgSession
    from pgcontract.integrations.pytest_plugin.databases import Place, Recipe
    from pgcontract.integrations.pytest_plugin.own import Verifier
    from pgcontract.integrations.pytest_plugin.sources import Sources

_SOURCES: pytest.StashKey[Sources] = pytest.StashKey()
_PLACE: pytest.StashKey[Place] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings of the plugin."""
    group = parser.getgroup("pgcontract", "data contracts for PostgreSQL")
    group.addoption(
        "--pgcontract",
        action="append",
        default=[],
        metavar="CONTRACT",
        help="Test this contract, too: a .yaml, .json or .py file, a folder with contract.yaml, or module:attribute. "
        "Repeatable.",
    )
    group.addoption(
        "--pgcontract-db",
        metavar="URL",
        help="The database that contracts are tested on, or `embedded` for a private one. Else pgcontract_db, what "
        "pgcontract's own configuration says, DATABASE_URL, SUPABASE_DB_URL, PG*.",
    )
    group.addoption(
        "--pgcontract-setup",
        action="append",
        default=[],
        metavar="SQL",
        help="What is run first on a private database: a file, a folder of .sql files in name order, or a platform's "
        "name (supabase). Repeatable.",
    )
    group.addoption(
        "--pgcontract-probes",
        choices=["off", "read", "rollback", "shadow"],
        help="What probes may do, as with `pgcontract verify --probes`.",
    )
    group.addoption(
        "--pgcontract-server",
        metavar="URL",
        help="Make private databases on this server, and drop them again, instead of on an embedded one.",
    )
    parser.addini("pgcontract_contracts", "Contracts that are tests, as with --pgcontract.", type="args")
    parser.addini("pgcontract_db", "The database that they are tested on, as --pgcontract-db.")
    parser.addini("pgcontract_setup", "What is run first on a private database, as --pgcontract-setup.", type="args")
    parser.addini("pgcontract_probes", "What probes may do, as --pgcontract-probes.")
    parser.addini("pgcontract_server", "Where private databases are made, as --pgcontract-server.")


def pytest_configure(config: pytest.Config) -> None:
    """Have the contracts collected that are named."""
    if not (config.getoption("--pgcontract") or config.getini("pgcontract_contracts")):
        return
    from pgcontract.integrations.pytest_plugin.marks import register  # noqa: PLC0415 - where a contract is named
    from pgcontract.integrations.pytest_plugin.sources import Sources  # noqa: PLC0415 - likewise

    register(config)
    config.stash[_SOURCES] = sources = Sources.of(config)
    sources.collect(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A contract's expectations."""
    sources = parent.config.stash.get(_SOURCES, None)
    if sources is None or file_path not in sources or sources.is_module(file_path, parent.config):
        return None
    return _collected(file_path, parent, sources)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """The same of a contract in Python, which is no module with tests."""
    sources = parent.config.stash.get(_SOURCES, None)
    if sources is None or module_path not in sources or not sources.is_module(module_path, parent.config):
        return None
    return _collected(module_path, parent, sources)


def _collected(path: Path, parent: pytest.Collector, sources: Sources) -> pytest.Collector:
    from pgcontract.integrations.pytest_plugin.collecting import ContractFile  # noqa: PLC0415 - there is a contract

    made: pytest.Collector = ContractFile.from_parent(
        parent, path=path, named=sources[path], place=_place(parent.config)
    )
    return made


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the private server, if there is one."""
    place = config.stash.get(_PLACE, None)
    if place is not None:
        place.close()


def _place(config: pytest.Config) -> Place:
    if _PLACE not in config.stash:
        from pgcontract.integrations.pytest_plugin.databases import Place  # noqa: PLC0415 - where one is asked for

        config.stash[_PLACE] = Place(config)
    return config.stash[_PLACE]


@pytest.fixture(scope="session")
def contract(pytestconfig: pytest.Config) -> Verifier:
    """Verify a contract: `contract("contract.yaml", url).raise_for_failures()`.

    The contract is whatever `--pgcontract` takes, from pytest's root folder, or a `Suite`; without one, the one that
    pgcontract's own configuration names. The database is whatever `verify` takes; without one, the configured one.
    Further keywords are those of `pgcontract.verify`. The answer is its `Report`.
    """
    from pgcontract.integrations.pytest_plugin.own import Verifier  # noqa: PLC0415 - only who asks for it pays

    return Verifier(_place(pytestconfig), pytestconfig.rootpath)


@pytest.fixture(scope="session")
def embedded_postgres_setup(pytestconfig: pytest.Config) -> Recipe:
    """What `embedded_postgres` starts from: override it with files, folders and platforms, or a function of the URL.

    It is `--pgcontract-setup`, `pgcontract_setup`, or what pgcontract's own configuration says.
    """
    return _place(pytestconfig).configured_setup()


@pytest.fixture
def embedded_postgres(pytestconfig: pytest.Config, embedded_postgres_setup: Recipe) -> Generator[str]:
    """The URL of a database of this test's own, as a superuser: a copy of what `embedded_postgres_setup` makes once."""
    with _place(pytestconfig).fresh(embedded_postgres_setup) as url:
        yield url


@pytest.fixture
def pg_session_url(embedded_postgres: str) -> str:
    """The database of `pg_session`: override it with the URL of another one, on which nothing stays."""
    return embedded_postgres


@pytest.fixture
def pg_session(pg_session_url: str) -> Generator[PgSession]:
    """A session in a transaction that is rolled back, in which one acts as others: `as_user`, `anon`, `as_role`."""
    from pgcontract.integrations.pytest_plugin.acting import opened  # noqa: PLC0415 - only who asks for it pays

    with opened(pg_session_url) as session:
        yield session


__all__: Sequence[str] = ()
