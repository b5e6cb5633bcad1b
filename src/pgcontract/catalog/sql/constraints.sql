-- Constraints of tables. NOT NULL ones (contype n, from version 18) are a property of their column and are left out.
select
    k.conrelid,
    k.conname,
    k.contype,
    k.conkey,
    k.confrelid,
    k.confkey,
    k.confupdtype,
    k.confdeltype,
    k.confmatchtype,
    k.condeferrable,
    k.condeferred,
    k.convalidated,
    k.connoinherit,
    case when k.contype = 'c' then pg_catalog.pg_get_expr(k.conbin, k.conrelid) end,
    case when k.contype = 'x' then pg_catalog.pg_get_constraintdef(k.oid) end,
    ic.relname,
    d.description
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c on c.oid = k.conrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_class as ic on ic.oid = k.conindid and k.contype <> 'f'
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and d.objoid = k.oid and d.objsubid = 0
where k.contype in ('p', 'u', 'f', 'c', 'x', 't')
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by k.conrelid, k.conname
