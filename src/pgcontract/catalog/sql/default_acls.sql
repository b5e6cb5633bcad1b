-- The access control lists that relations and sequences have as long as nobody changes them, by kind, for the role that
-- always exists: every other owner's are the same with its name, and not everybody may read which roles there are.
select
    k.kind,
    pg_catalog.acldefault(k.kind, 10)::pg_catalog.text[]
from (values ('r'::"char"), ('s'::"char")) as k (kind)
order by k.kind
