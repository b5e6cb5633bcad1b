-- Installed extensions, each with the version that the server's files offer.
select
    e.extname,
    e.extversion,
    n.nspname,
    pg_catalog.pg_get_userbyid(e.extowner),
    pg_catalog.obj_description(e.oid, 'pg_extension'),
    a.default_version
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
left join pg_catalog.pg_available_extensions() as a on a.name = e.extname
order by e.extname
