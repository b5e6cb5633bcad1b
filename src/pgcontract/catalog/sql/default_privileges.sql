-- What ALTER DEFAULT PRIVILEGES has set. An entry without a schema takes the place of Postgres's own defaults, one with a
-- schema adds to them; what nobody has set has no row.
select
    pg_catalog.pg_get_userbyid(a.defaclrole),
    n.nspname,
    a.defaclobjtype,
    a.defaclacl::pg_catalog.text[]
from pg_catalog.pg_default_acl as a
left join pg_catalog.pg_namespace as n on n.oid = a.defaclnamespace
order by 1, 2 nulls first, a.defaclobjtype
