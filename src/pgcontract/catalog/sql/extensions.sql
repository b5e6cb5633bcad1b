-- Installed extensions, each with the version that the server's files offer.
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
    a.default_version
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
left join pg_catalog.pg_available_extensions() as a on a.name = e.extname
order by e.extname
