-- What belongs to each extension, as far as it is not read with the extension's name beside it: what kind of object, and
-- its identity. Functions in pg_catalog are not read otherwise.
select
    e.extname,
    coalesce(
        pg_catalog.replace(i.type, '-', ' ') || ' ' || coalesce(
            (
                select 'pg_catalog.' || pg_catalog.quote_ident(p.proname) || '(' || pg_catalog.array_to_string(array(
                    select pg_catalog.format_type(a.oid, null)
                    from pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) with ordinality as a (oid, k)
                    order by a.k
                ), ', ') || ')'
                from pg_catalog.pg_proc as p
                where x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and p.oid = x.objid
            ),
            i.identity
        ),
        ${gone}
    ) collate "C"
from pg_catalog.pg_depend as x
join pg_catalog.pg_extension as e on e.oid = x.refobjid
join pg_catalog.pg_identify_object(x.classid, x.objid, x.objsubid) as i on true
where x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and x.deptype = 'e'
    and x.classid not in (
        'pg_catalog.pg_class'::pg_catalog.regclass,
        'pg_catalog.pg_namespace'::pg_catalog.regclass,
        'pg_catalog.pg_language'::pg_catalog.regclass,
        'pg_catalog.pg_collation'::pg_catalog.regclass,
        'pg_catalog.pg_event_trigger'::pg_catalog.regclass,
        'pg_catalog.pg_type'::pg_catalog.regclass,
        'pg_catalog.pg_cast'::pg_catalog.regclass,
        'pg_catalog.pg_operator'::pg_catalog.regclass,
        'pg_catalog.pg_opclass'::pg_catalog.regclass,
        'pg_catalog.pg_ts_config'::pg_catalog.regclass,
        'pg_catalog.pg_ts_dict'::pg_catalog.regclass,
        'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass
    )
    and (
        x.classid <> 'pg_catalog.pg_proc'::pg_catalog.regclass
        or exists (
            select from pg_catalog.pg_proc as p
            join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
            where p.oid = x.objid and n.nspname = 'pg_catalog'
        )
    )
order by 1, 2
