-- Row-level security policies. The role with oid 0 is PUBLIC.
select
    p.polrelid,
    p.polname,
    p.polcmd,
    p.polpermissive,
    array(
        select case when r.oid = 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(r.oid) end
        from pg_catalog.unnest(p.polroles) as r (oid)
        order by 1
    ),
    case when p.polqual is not null then coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), ${gone}) end,
    case when p.polwithcheck is not null then coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), ${gone}) end,
    p.oid
from pg_catalog.pg_policy as p
join pg_catalog.pg_class as c on c.oid = p.polrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by p.polrelid, p.polname
