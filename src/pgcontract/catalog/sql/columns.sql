-- Live columns of every relation that is read, in their order. Types, defaults, collations and comments come from queries
-- of their own. offset 0: each relation's columns are looked up by the index, for indexes, sequences and TOAST tables have
-- columns too, and more than the tables.
select
    a.attrelid,
    a.attnum,
    a.attname,
    a.atttypid,
    a.atttypmod,
    a.attcollation,
    a.attnotnull,
    a.attidentity,
    a.attgenerated,
    a.attacl::pg_catalog.text[]
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral (
    select a.*
    from pg_catalog.pg_attribute as a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    order by a.attnum
    offset 0
) as a
where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
