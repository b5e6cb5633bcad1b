-- The whole definitions of the indexes that the reader cannot put together from column numbers.
select i.oid, coalesce(pg_catalog.pg_get_indexdef(i.oid), ${gone})
from pg_catalog.unnest($$1::pg_catalog.oid[]) as i (oid)
order by i.oid
