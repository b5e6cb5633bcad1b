"""What belongs to an extension, held against what Postgres itself says depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.extensions import members

if TYPE_CHECKING:
    import psycopg

    from pgcontract.catalog.catalog import Catalog


def test_all_members_are_found_once(odd: Catalog, odd_connection: psycopg.Connection[Any]) -> None:
    """Array types come with their types, and are members of their own since version 17."""
    rows = odd_connection.execute("""
        select e.extname, count(*)
        from pg_depend x
        join pg_extension e on e.oid = x.refobjid
        left join pg_type t on x.classid = 'pg_type'::regclass and t.oid = x.objid
        where x.refclassid = 'pg_extension'::regclass and x.deptype = 'e' and coalesce(t.typelem, 0) = 0
        group by 1
    """)
    found = {name: list(members(odd, name)) for name in odd.extensions}
    assert {name: len(of) for name, of in found.items()} == dict(rows.fetchall())
    assert all(len(set(of)) == len(of) for of in found.values())
    assert "type public.citext" in found["citext"]
    assert "operator public.= (public.citext, public.citext)" in found["citext"]
    assert "function pg_catalog.plpgsql_validator(oid)" in found["plpgsql"]
