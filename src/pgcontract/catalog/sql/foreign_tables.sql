-- Foreign tables: where their rows come from. User mappings hold passwords, and are never read.
select
    n.nspname,
    c.relname,
    s.srvname,
    f.ftoptions
from pg_catalog.pg_foreign_table as f
join pg_catalog.pg_class as c on c.oid = f.ftrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_foreign_server as s on s.oid = f.ftserver
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
