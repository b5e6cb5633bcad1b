-- Rules that somebody made; the one that makes a view a view (_RETURN) is left out.
select
    n.nspname,
    c.relname,
    r.rulename,
    r.ev_type,
    r.is_instead,
    r.ev_enabled,
    coalesce(pg_catalog.pg_get_ruledef(r.oid), ${gone}),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objoid = r.oid and d.objsubid = 0
    )
from pg_catalog.pg_rewrite as r
join pg_catalog.pg_class as c on c.oid = r.ev_class
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where r.rulename <> '_RETURN'
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, r.rulename
