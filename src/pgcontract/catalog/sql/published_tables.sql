-- The tables that publications name one by one, with their row filters and column lists.
select
    r.prpubid,
    n.nspname,
    c.relname,
    array(
        select a.attname::pg_catalog.text
        from pg_catalog.unnest(${prattrs}) as k (number)
        join pg_catalog.pg_attribute as a on a.attrelid = r.prrelid and a.attnum = k.number
        order by a.attnum
    ),
    case when ${prqual} is not null then coalesce(pg_catalog.pg_get_expr(${prqual}, r.prrelid), ${gone}) end
from pg_catalog.pg_publication_rel as r
join pg_catalog.pg_class as c on c.oid = r.prrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
order by r.prpubid, n.nspname, c.relname
