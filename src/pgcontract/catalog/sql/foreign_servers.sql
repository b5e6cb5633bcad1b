-- Foreign servers, and who is mapped on them. User mappings hold passwords: only the names of their options are read, and
-- whether they are told, which is NULL to others than the mapped and superusers. Of a server's options that hold a secret
-- nonetheless the reader keeps the name alone.
select
    s.srvname,
    w.fdwname,
    pg_catalog.pg_get_userbyid(s.srvowner),
    s.srvtype,
    s.srvversion,
    s.srvoptions,
    (
        select pg_catalog.json_agg(
            pg_catalog.json_build_array(
                case when u.umuser = 0 then 'PUBLIC' else u.usename::pg_catalog.text end,
                case when u.umoptions is not null or r.rolsuper then array(
                    select o.option_name from pg_catalog.pg_options_to_table(u.umoptions) as o order by o.option_name
                ) end
            )
            order by u.umuser <> 0, u.usename
        )
        from pg_catalog.pg_user_mappings as u
        join pg_catalog.pg_roles as r on r.rolname = current_user
        where u.srvid = s.oid
    ),
    coalesce(s.srvacl, pg_catalog.acldefault('S', s.srvowner))::pg_catalog.text[],
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass and d.objoid = s.oid and d.objsubid = 0
    )
from pg_catalog.pg_foreign_server as s
join pg_catalog.pg_foreign_data_wrapper as w on w.oid = s.srvfdw
order by s.srvname
