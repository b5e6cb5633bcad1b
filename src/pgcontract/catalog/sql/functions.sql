-- Functions, procedures, aggregates and window functions.
select
    n.nspname,
    p.proname,
    p.prokind,
    array(
        select pg_catalog.format_type(a.oid, null)
        from pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) with ordinality as a (oid, k)
        order by a.k
    ),
    case
        when p.proallargtypes is not null
        then array(
            select pg_catalog.format_type(a.oid, null)
            from pg_catalog.unnest(p.proallargtypes) with ordinality as a (oid, k)
            order by a.k
        )
    end,
    p.proargmodes::pg_catalog.text[],
    p.proargnames,
    p.pronargdefaults,
    case when p.prokind <> 'p' then coalesce(pg_catalog.pg_get_function_result(p.oid), ${gone}) end,
    l.lanname,
    p.provolatile,
    p.proisstrict,
    p.prosecdef,
    p.proleakproof,
    p.proparallel,
    p.proconfig,
    case when ${builtin_source} then p.prosrc end,
    pg_catalog.pg_get_userbyid(p.proowner),
    coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))::pg_catalog.text[],
    e.extname,
    d.description
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
join pg_catalog.pg_language as l on l.oid = p.prolang
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and x.objid = p.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objoid = p.oid and d.objsubid = 0
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, p.proname, 4
