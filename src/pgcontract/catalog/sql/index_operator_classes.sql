-- For which type each operator class is the one that Postgres chooses by itself. One that takes options is left out: an
-- index may have some, and its definition is asked for. The number of the support function for options is the access
-- method's own; of one that Postgres does not come with, any function that returns void might be it.
select oc.oid, oc.opcintype
from pg_catalog.pg_opclass as oc
where oc.opcdefault
    and oc.opcfamily not in (
        select s.amprocfamily
        from pg_catalog.pg_amproc as s
        join pg_catalog.pg_opfamily as o on o.oid = s.amprocfamily
        join pg_catalog.pg_am as m on m.oid = o.opfmethod
        where case m.amname
            when 'btree' then s.amprocnum = 5
            when 'hash' then s.amprocnum = 3
            when 'gist' then s.amprocnum = 10
            when 'gin' then s.amprocnum = 7
            when 'spgist' then s.amprocnum = 7
            when 'brin' then s.amprocnum = 5
            else (
                select f.prorettype = 'pg_catalog.void'::pg_catalog.regtype
                from pg_catalog.pg_proc as f
                where f.oid = s.amproc
            )
        end
    )
order by oc.oid
