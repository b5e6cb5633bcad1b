-- The names of the roles that policies are for, once each; the role with oid 0 is PUBLIC. From a function, and not from
-- the catalog of roles: not everybody may read that one.
select
    r.oid,
    case when r.oid = 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(r.oid) end
from (select distinct pg_catalog.unnest(p.polroles) from pg_catalog.pg_policy as p) as r (oid)
order by r.oid
