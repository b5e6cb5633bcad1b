-- Text search dictionaries that somebody made.
select
    n.nspname,
    d.dictname,
    pg_catalog.pg_get_userbyid(d.dictowner),
    tn.nspname,
    t.tmplname,
    d.dictinitoption,
    (
        select e.extname
        from pg_catalog.pg_depend as x
        join pg_catalog.pg_extension as e on e.oid = x.refobjid
        where x.classid = 'pg_catalog.pg_ts_dict'::pg_catalog.regclass and x.objid = d.oid and x.deptype = 'e'
    ),
    pg_catalog.obj_description(d.oid, 'pg_ts_dict')
from pg_catalog.pg_ts_dict as d
join pg_catalog.pg_namespace as n on n.oid = d.dictnamespace
join pg_catalog.pg_ts_template as t on t.oid = d.dicttemplate
join pg_catalog.pg_namespace as tn on tn.oid = t.tmplnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, d.dictname
