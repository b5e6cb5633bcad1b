-- The cluster's roles, with the settings that hold for each in every database, and in this one.
select
    r.rolname,
    r.rolsuper,
    r.rolinherit,
    r.rolcanlogin,
    r.rolcreaterole,
    r.rolcreatedb,
    r.rolreplication,
    r.rolbypassrls,
    r.rolconnlimit,
    s.setconfig,
    h.setconfig,
    (
        select d.description
        from pg_catalog.pg_shdescription as d
        where d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass and d.objoid = r.oid
    )
from pg_catalog.pg_roles as r
left join pg_catalog.pg_db_role_setting as s on s.setrole = r.oid and s.setdatabase = 0
left join pg_catalog.pg_db_role_setting as h
    on h.setrole = r.oid
    and h.setdatabase = (
        select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
    )
order by r.rolname
