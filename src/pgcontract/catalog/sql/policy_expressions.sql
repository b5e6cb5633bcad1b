-- What policies say: of those that are alike only one is asked for.
select
    p.oid,
    case when p.polqual is not null then coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), ${gone}) end,
    case when p.polwithcheck is not null then coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), ${gone}) end
from pg_catalog.pg_policy as p
where p.oid = any($$1::pg_catalog.oid[])
order by p.oid
