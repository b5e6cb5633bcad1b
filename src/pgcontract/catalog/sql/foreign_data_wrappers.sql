-- Foreign data wrappers. Most come with an extension, which is then named.
select
    w.fdwname,
    pg_catalog.pg_get_userbyid(w.fdwowner),
    hn.nspname,
    h.proname,
    vn.nspname,
    v.proname,
    w.fdwoptions,
    e.extname,
    coalesce(w.fdwacl, pg_catalog.acldefault('F', w.fdwowner))::pg_catalog.text[],
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass and d.objoid = w.oid and d.objsubid = 0
    )
from pg_catalog.pg_foreign_data_wrapper as w
left join pg_catalog.pg_proc as h on h.oid = w.fdwhandler
left join pg_catalog.pg_namespace as hn on hn.oid = h.pronamespace
left join pg_catalog.pg_proc as v on v.oid = w.fdwvalidator
left join pg_catalog.pg_namespace as vn on vn.oid = v.pronamespace
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass and x.objid = w.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
order by w.fdwname
