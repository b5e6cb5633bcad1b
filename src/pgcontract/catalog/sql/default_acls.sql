-- The access control lists that relations and sequences have as long as nobody changes them, by kind and owner. Every role may
-- be one: to find out which are costs more.
select
    k.kind,
    o.rolname,
    pg_catalog.acldefault(k.kind, o.oid)::pg_catalog.text[]
from pg_catalog.pg_roles as o
cross join (values ('r'::"char"), ('s'::"char")) as k (kind)
order by k.kind, 2
