-- Foreign tables: where their rows come from, and what the wrapper is told of columns.
select
    n.nspname,
    c.relname,
    s.srvname,
    f.ftoptions,
    (
        select pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, a.attfdwoptions) order by a.attnum)
        from pg_catalog.pg_attribute as a
        where a.attrelid = f.ftrelid and a.attnum > 0 and not a.attisdropped and a.attfdwoptions is not null
    )
from pg_catalog.pg_foreign_table as f
join pg_catalog.pg_class as c on c.oid = f.ftrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_foreign_server as s on s.oid = f.ftserver
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
