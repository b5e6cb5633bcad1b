-- For which type each operator class is the one that Postgres chooses by itself. One that takes options is left out: an
-- index may have some, and its definition is asked for. The number of the support function for options is the access
-- method's own; of one that Postgres does not come with, any function that returns void might be it.
select oc.oid, oc.opcintype
from pg_catalog.pg_opclass as oc
where oc.opcdefault
    and oc.opcfamily not in (
        select s.amprocfamily
        from pg_catalog.pg_amproc as s
        join pg_catalog.pg_proc as f on f.oid = s.amproc
        join pg_catalog.pg_opfamily as o on o.oid = s.amprocfamily
        join pg_catalog.pg_am as m on m.oid = o.opfmethod
        where f.prorettype = 'pg_catalog.void'::pg_catalog.regtype
            and s.amprocnum = case m.amname
                when 'btree' then 5
                when 'hash' then 3
                when 'gist' then 10
                when 'gin' then 7
                when 'spgist' then 6
                when 'brin' then 5
                else s.amprocnum
            end
    )
order by oc.oid
