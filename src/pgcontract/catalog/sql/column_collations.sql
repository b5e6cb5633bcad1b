-- The collations that columns have, as they are written.
select
    co.oid,
    pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
from pg_catalog.pg_collation as co
join pg_catalog.pg_namespace as cn on cn.oid = co.collnamespace
where co.oid = any($$1::pg_catalog.oid[])
order by co.oid
