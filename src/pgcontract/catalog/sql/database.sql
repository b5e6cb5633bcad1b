-- The database itself, with the settings that hold in it for every role, and who is looking.
select
    d.datname,
    pg_catalog.current_setting('server_version'),
    pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
    pg_catalog.pg_get_userbyid(d.datdba),
    current_user::pg_catalog.text,
    pg_catalog.pg_is_in_recovery(),
    pg_catalog.pg_encoding_to_char(d.encoding),
    d.datcollate,
    d.datctype,
    d.datconnlimit,
    s.setconfig,
    coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))::pg_catalog.text[],
    pg_catalog.shobj_description(d.oid, 'pg_database')
from pg_catalog.pg_database as d
left join pg_catalog.pg_db_role_setting as s on s.setdatabase = d.oid and s.setrole = 0
where d.datname = pg_catalog.current_database()
