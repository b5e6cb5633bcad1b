-- The database itself, and who is looking.
select
    d.datname,
    pg_catalog.current_setting('server_version'),
    pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
    pg_catalog.pg_get_userbyid(d.datdba),
    current_user::pg_catalog.text,
    pg_catalog.pg_is_in_recovery()
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database()
