"""Where probes act: on the database itself, in a transaction that is rolled back, or on a private copy."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    import psycopg

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.principals import Principal
    from pgcontract.run.probe import Probes, RolledBack


@contextmanager
def acted(
    connection: psycopg.Connection[Any], catalog: Catalog, probes: Probes, principals: Iterable[Principal] = ()
) -> Generator[RolledBack]:
    """A session for probes; whatever is done in it is rolled back.

    Args:
        connection: To the database.
        catalog: What the database is.
        probes: `read`, `rollback`, or `shadow`.
        principals: Who acts, as the contract declares it.

    Raises:
        DatabaseError: There can be no shadow of this database, and why.
    """
    if probes == "shadow":
        from pgcontract.run.shadow import shadowed  # noqa: PLC0415 - it brings a whole server

        with shadowed(connection, catalog, principals) as session:
            yield session
    else:
        with probing(connection, catalog, may_write=probes == "rollback", principals=principals) as session:
            yield session
