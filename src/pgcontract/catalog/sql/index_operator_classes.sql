-- For which type each operator class is the one that Postgres chooses by itself.
select oc.oid, oc.opcintype
from pg_catalog.pg_opclass as oc
where oc.opcdefault
order by oc.oid
