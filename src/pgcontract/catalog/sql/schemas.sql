-- Schemas, without the system's and without temporary ones.
-- coalesce(acl, acldefault(...)): an access control list that was never changed is stored as NULL.
select
    n.nspname,
    pg_catalog.pg_get_userbyid(n.nspowner),
    coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))::pg_catalog.text[],
    e.extname,
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objoid = n.oid and d.objsubid = 0
    )
from pg_catalog.pg_namespace as n
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and x.objid = n.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname
