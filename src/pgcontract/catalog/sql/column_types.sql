-- Each type that a column has, with its modifier, once: format_type for every column would cost more than all the rest.
select
    a.atttypid,
    a.atttypmod,
    pg_catalog.format_type(a.atttypid, a.atttypmod),
    t.typcollation
from (
    select distinct a.atttypid, a.atttypmod
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
) as a
join pg_catalog.pg_type as t on t.oid = a.atttypid
order by a.atttypid, a.atttypmod
