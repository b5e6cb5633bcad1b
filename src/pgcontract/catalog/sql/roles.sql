-- The cluster's roles, with the settings that hold for each in every database.
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
    s.setconfig
from pg_catalog.pg_roles as r
left join pg_catalog.pg_db_role_setting as s on s.setrole = r.oid and s.setdatabase = 0
order by r.rolname
