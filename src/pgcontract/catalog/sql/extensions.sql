-- Installed extensions, each with the version that the server's files offer. These are read once, and not at all where
-- there is but plpgsql, which has one version: reading them costs more than all the rest of this query.
select
    e.extname,
    e.extversion,
    n.nspname,
    pg_catalog.pg_get_userbyid(e.extowner),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.objoid = e.oid and d.objsubid = 0
    ),
    case when e.extname <> 'plpgsql' then (
        select pg_catalog.jsonb_object_agg(a.name, a.default_version)
        from pg_catalog.pg_available_extensions() as a
    ) ->> e.extname::pg_catalog.text end
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
order by e.extname
