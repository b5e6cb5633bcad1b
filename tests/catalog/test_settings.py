"""What the database and roles have set in it, which no clone of it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import grants_of
from pgcontract.catalog.snapshot import read
from pgcontract.names import quote

if TYPE_CHECKING:
    import psycopg


def test_the_database(connection: psycopg.Connection[Any]) -> None:
    name = quote(connection.info.dbname)
    for statement in [
        f"alter database {name} set statement_timeout = '8s'",
        f"alter database {name} set app.jwt_secret = 'never seen'",
        f"alter database {name} connection limit 7",
        f"comment on database {name} is 'ours'",
        f"grant create on database {name} to pg_monitor",
        f"alter role current_user in database {name} set lock_timeout = '1s'",
    ]:
        connection.execute(statement.encode())
    catalog = read(connection)
    [(encoding, collation, character_type, acl)] = connection.execute("""
        select pg_encoding_to_char(encoding), datcollate, datctype, datacl::text[] from pg_database
        where datname = current_database()
    """).fetchall()
    server, me = catalog.server, catalog.roles[connection.info.user]
    assert (server.encoding, server.collation, server.character_type) == (encoding, collation, character_type)
    assert server.grants == grants_of(tuple(acl))
    assert server.settings == ("app.jwt_secret=(hidden)", "statement_timeout=8s")
    assert (server.connection_limit, server.comment) == (7, "ours")
    assert (me.settings, me.settings_here) == ((), ("lock_timeout=1s",))
