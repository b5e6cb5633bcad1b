-- Constraints of tables. NOT NULL ones (contype n, from version 18) are a property of their column and are left out. So
-- are the copies that Postgres makes of a foreign key to a partitioned table, one for each partition: their parent is a
-- constraint of the same table. Domains' constraints have no table. The name of the index stands in relations.sql.
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
    ${confdelsetcols},
    ${conenforced},
    ${conperiod},
    k.condeferrable,
    k.condeferred,
    k.convalidated,
    k.connoinherit,
    case when k.contype = 'c' then coalesce(pg_catalog.pg_get_expr(k.conbin, k.conrelid), ${gone}) end,
    case when k.contype = 'x' then coalesce(pg_catalog.pg_get_constraintdef(k.oid), ${gone}) end,
    k.conindid,
    k.oid
from pg_catalog.pg_constraint as k
where k.contype in ('p', 'u', 'f', 'c', 'x', 't')
    and k.conrelid <> 0
    and (k.conparentid = 0 or not exists (
        select from pg_catalog.pg_constraint as up where up.oid = k.conparentid and up.conrelid = k.conrelid
    ))
