-- The access control lists that relations and sequences have as long as nobody changes them, by kind and owner.
select
    k.kind,
    pg_catalog.pg_get_userbyid(o.owner),
    pg_catalog.acldefault(k.kind, o.owner)::pg_catalog.text[]
from (select distinct c.relowner from pg_catalog.pg_class as c) as o (owner)
cross join (values ('r'::"char"), ('s'::"char")) as k (kind)
order by k.kind, 2
