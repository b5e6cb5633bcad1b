-- Installed extensions.
select
    e.extname,
    e.extversion,
    n.nspname,
    pg_catalog.pg_get_userbyid(e.extowner),
    pg_catalog.obj_description(e.oid, 'pg_extension')
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
order by e.extname
