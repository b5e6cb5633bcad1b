-- Foreign servers. User mappings hold passwords, and are never read; of options that hold a secret nonetheless the
-- reader keeps the name alone.
select
    s.srvname,
    w.fdwname,
    pg_catalog.pg_get_userbyid(s.srvowner),
    s.srvtype,
    s.srvversion,
    s.srvoptions,
    coalesce(s.srvacl, pg_catalog.acldefault('S', s.srvowner))::pg_catalog.text[],
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass and d.objoid = s.oid and d.objsubid = 0
    )
from pg_catalog.pg_foreign_server as s
join pg_catalog.pg_foreign_data_wrapper as w on w.oid = s.srvfdw
order by s.srvname
