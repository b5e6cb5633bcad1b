-- Each type that a column has, with its modifier, once: format_type for every column would cost more than all the rest.
select t.oid, t.modifier, pg_catalog.format_type(t.oid, t.modifier), ty.typcollation, ty.typstorage,
    case when ty.oid = 1700 then 'm' when ty.typlen = -1 then 'x' else 'p' end as usual
from pg_catalog.pg_type as ty
join rows from (
    pg_catalog.unnest($$1::pg_catalog.oid[]), pg_catalog.unnest($$2::pg_catalog.int4[])
) as t (oid, modifier) on t.oid = ty.oid
order by t.oid, t.modifier
