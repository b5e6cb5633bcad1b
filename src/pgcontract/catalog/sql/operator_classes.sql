-- Operator classes outside pg_catalog. Two of one name differ in their method.
select
    n.nspname,
    o.opcname,
    m.amname,
    pg_catalog.format_type(o.opcintype, null),
    o.opcdefault,
    fn.nspname,
    f.opfname,
    pg_catalog.pg_get_userbyid(o.opcowner),
    (
        select e.extname
        from pg_catalog.pg_depend as x
        join pg_catalog.pg_extension as e on e.oid = x.refobjid
        where x.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass and x.objid = o.oid and x.deptype = 'e'
    ),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_opclass'::pg_catalog.regclass and d.objoid = o.oid and d.objsubid = 0
    )
from pg_catalog.pg_opclass as o
join pg_catalog.pg_namespace as n on n.oid = o.opcnamespace
join pg_catalog.pg_am as m on m.oid = o.opcmethod
join pg_catalog.pg_opfamily as f on f.oid = o.opcfamily
join pg_catalog.pg_namespace as fn on fn.oid = f.opfnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, o.opcname, m.amname
