-- Live columns of every relation that is read. Types, collations and comments come from queries of their own, and the
-- reader puts each relation's into order: a sort of all of them would cost more.
-- pg_get_expr(adbin, 0) gives the same text for a default, which names no column, at a twentieth of the price of
-- pg_get_expr(adbin, adrelid); a generated column's expression names columns and needs the relation.
select
    a.attrelid,
    a.attnum,
    a.attname,
    a.atttypid,
    a.atttypmod,
    a.attcollation,
    a.attnotnull,
    case
        when d.adbin is null then null
        when a.attgenerated <> '' then coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ${gone})
        else pg_catalog.pg_get_expr(d.adbin, 0)
    end,
    a.attidentity,
    a.attgenerated,
    a.attacl::pg_catalog.text[]
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as c on c.oid = a.attrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
