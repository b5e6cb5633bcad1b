-- Tablespaces. Where each lies on the disk is left out: a role without rights may not ask, and it says nothing of the
-- schema.
select
    t.spcname,
    pg_catalog.pg_get_userbyid(t.spcowner),
    t.spcoptions,
    coalesce(t.spcacl, pg_catalog.acldefault('t', t.spcowner))::pg_catalog.text[],
    (
        select d.description
        from pg_catalog.pg_shdescription as d
        where d.classoid = 'pg_catalog.pg_tablespace'::pg_catalog.regclass and d.objoid = t.oid
    )
from pg_catalog.pg_tablespace as t
order by t.spcname
