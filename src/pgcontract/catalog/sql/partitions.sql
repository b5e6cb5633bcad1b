-- Partitioned tables: by what they are cut. What a partition holds is said by its own bound, in inheritance.sql.
select
    n.nspname,
    c.relname,
    p.partstrat,
    coalesce(pg_catalog.pg_get_partkeydef(c.oid), ${gone})
from pg_catalog.pg_partitioned_table as p
join pg_catalog.pg_class as c on c.oid = p.partrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
