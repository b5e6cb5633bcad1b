-- The relations and sequences that belong to an extension.
select x.objid, e.extname
from pg_catalog.pg_depend as x
join pg_catalog.pg_extension as e on e.oid = x.refobjid
where x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
    and x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and x.objsubid = 0 and x.deptype = 'e'
order by x.objid
