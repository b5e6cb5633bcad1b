-- Tables, partitioned tables, views, materialised views and foreign tables of the schemas that are read; and the names of
-- their indexes and sequences.
-- The oid stays inside the reader: the other queries name their relation by it. An access control list that was never
-- changed is NULL here, and comes from default_acls; comments and extensions come from queries of their own. Joins for
-- what few rows have cost more than all the rest, and the server's sort more than the reader's.
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
    c.relacl::pg_catalog.text[],
    m.amname
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_am as m on m.oid = c.relam
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
