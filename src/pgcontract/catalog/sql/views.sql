-- Views and materialised views: what they select, as Postgres deparses it under an empty search_path, and their options.
-- An option is stored as it was written (`on`, `1`, `true`), so Postgres reads it as a boolean here.
select
    n.nspname,
    c.relname,
    c.relkind = 'm',
    coalesce(pg_catalog.pg_get_viewdef(c.oid), ${gone}),
    coalesce((
        select o.option_value::pg_catalog.bool
        from pg_catalog.pg_options_to_table(c.reloptions) as o
        where o.option_name = 'security_invoker'
    ), false),
    coalesce((
        select o.option_value::pg_catalog.bool
        from pg_catalog.pg_options_to_table(c.reloptions) as o
        where o.option_name = 'security_barrier'
    ), false),
    (
        select o.option_value
        from pg_catalog.pg_options_to_table(c.reloptions) as o
        where o.option_name = 'check_option'
    ),
    c.relispopulated
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('v', 'm')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
