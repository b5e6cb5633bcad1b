-- The subscriptions of this database. The connection string holds a password, and is never read; nor is any column that
-- some version keeps from ordinary roles: the oid is one, before version 14.
select
    s.subname,
    pg_catalog.pg_get_userbyid(s.subowner),
    s.subenabled,
    s.subslotname,
    s.subpublications,
    (
        select d.description
        from pg_catalog.pg_description as d
        join pg_catalog.pg_identify_object(d.classoid, d.objoid, 0) as i on true
        where d.classoid = 'pg_catalog.pg_subscription'::pg_catalog.regclass and d.objsubid = 0
            and i.identity = pg_catalog.quote_ident(s.subname)
    )
from pg_catalog.pg_subscription as s
where s.subdbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
order by s.subname
