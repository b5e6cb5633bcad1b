-- Languages, the server's own too.
select
    l.lanname,
    l.lanpltrusted,
    l.lanispl,
    pg_catalog.pg_get_userbyid(l.lanowner),
    coalesce(l.lanacl, pg_catalog.acldefault('l', l.lanowner))::pg_catalog.text[],
    e.extname,
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_language'::pg_catalog.regclass and d.objoid = l.oid and d.objsubid = 0
    )
from pg_catalog.pg_language as l
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_language'::pg_catalog.regclass and x.objid = l.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
order by l.lanname
