-- Text search dictionaries that somebody made.
select
    n.nspname,
    k.dictname,
    pg_catalog.pg_get_userbyid(k.dictowner),
    tn.nspname,
    t.tmplname,
    k.dictinitoption,
    (
        select e.extname
        from pg_catalog.pg_depend as x
        join pg_catalog.pg_extension as e on e.oid = x.refobjid
        where x.classid = 'pg_catalog.pg_ts_dict'::pg_catalog.regclass and x.objid = k.oid and x.deptype = 'e'
    ),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_ts_dict'::pg_catalog.regclass and d.objoid = k.oid and d.objsubid = 0
    )
from pg_catalog.pg_ts_dict as k
join pg_catalog.pg_namespace as n on n.oid = k.dictnamespace
join pg_catalog.pg_ts_template as t on t.oid = k.dicttemplate
join pg_catalog.pg_namespace as tn on tn.oid = t.tmplnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, k.dictname
