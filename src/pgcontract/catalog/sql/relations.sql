-- Tables, partitioned tables, views, materialised views and foreign tables of the schemas that are read.
-- The oid stays inside the reader: the other queries name their relation by it.
select
    c.oid,
    n.nspname,
    c.relname,
    c.relkind,
    pg_catalog.pg_get_userbyid(c.relowner),
    c.relrowsecurity,
    c.relforcerowsecurity,
    c.relpersistence,
    c.reloptions,
    c.relispartition,
    coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))::pg_catalog.text[],
    e.extname,
    d.description
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and x.objid = c.oid and x.objsubid = 0 and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objoid = c.oid and d.objsubid = 0
where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
