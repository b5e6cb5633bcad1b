-- Event triggers, those of extensions among them.
select
    t.evtname,
    t.evtevent,
    fn.nspname,
    f.proname,
    t.evtenabled,
    t.evttags,
    pg_catalog.pg_get_userbyid(t.evtowner),
    e.extname,
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass and d.objoid = t.oid and d.objsubid = 0
    )
from pg_catalog.pg_event_trigger as t
join pg_catalog.pg_proc as f on f.oid = t.evtfoid
join pg_catalog.pg_namespace as fn on fn.oid = f.pronamespace
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass and x.objid = t.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
order by t.evtname
