-- The database itself, with the settings that hold in it for every role, and who is looking.
select
    b.datname,
    pg_catalog.current_setting('server_version'),
    pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
    pg_catalog.pg_get_userbyid(b.datdba),
    current_user::pg_catalog.text,
    pg_catalog.pg_is_in_recovery(),
    pg_catalog.pg_encoding_to_char(b.encoding),
    b.datcollate,
    b.datctype,
    b.datconnlimit,
    s.setconfig,
    coalesce(b.datacl, pg_catalog.acldefault('d', b.datdba))::pg_catalog.text[],
    (
        select d.description
        from pg_catalog.pg_shdescription as d
        where d.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass and d.objoid = b.oid
    )
from pg_catalog.pg_database as b
left join pg_catalog.pg_db_role_setting as s on s.setdatabase = b.oid and s.setrole = 0
where b.datname = pg_catalog.current_database()
