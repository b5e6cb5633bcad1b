-- Languages, the server's own too.
select
    l.lanname,
    l.lanpltrusted,
    l.lanispl,
    pg_catalog.pg_get_userbyid(l.lanowner),
    coalesce(l.lanacl, pg_catalog.acldefault('l', l.lanowner))::pg_catalog.text[],
    e.extname,
    pg_catalog.obj_description(l.oid, 'pg_language')
from pg_catalog.pg_language as l
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_language'::pg_catalog.regclass and x.objid = l.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
order by l.lanname
