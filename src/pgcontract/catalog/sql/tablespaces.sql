-- Tablespaces. Where each lies on the disk is left out: a role without rights may not ask, and it says nothing of the
-- schema.
select
    t.spcname,
    pg_catalog.pg_get_userbyid(t.spcowner),
    t.spcoptions,
    coalesce(t.spcacl, pg_catalog.acldefault('t', t.spcowner))::pg_catalog.text[],
    pg_catalog.shobj_description(t.oid, 'pg_tablespace')
from pg_catalog.pg_tablespace as t
order by t.spcname
