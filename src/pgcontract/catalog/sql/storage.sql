-- Tables that are clustered on an index, or whose replica identity is not the default. Most are neither: they have no row.
select
    n.nspname,
    c.relname,
    c.relreplident,
    ri.relname,
    ci.relname
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_index as r on r.indrelid = c.oid and r.indisreplident
left join pg_catalog.pg_class as ri on ri.oid = r.indexrelid
left join pg_catalog.pg_index as k on k.indrelid = c.oid and k.indisclustered
left join pg_catalog.pg_class as ci on ci.oid = k.indexrelid
where c.relkind in ('r', 'p', 'm')
    and (c.relreplident <> 'd' or k.indexrelid is not null)
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
