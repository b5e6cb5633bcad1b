-- Who inherits from whom: a row for each child and parent, partitions and their bounds among them.
-- Indexes of partitioned tables stand in pg_inherits too, and are left out.
select
    n.nspname,
    c.relname,
    pn.nspname,
    p.relname,
    case when c.relpartbound is not null then coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid), ${gone}) end
from pg_catalog.pg_inherits as i
join pg_catalog.pg_class as c on c.oid = i.inhrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_class as p on p.oid = i.inhparent
join pg_catalog.pg_namespace as pn on pn.oid = p.relnamespace
where c.relkind in ('r', 'p', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, i.inhseqno
