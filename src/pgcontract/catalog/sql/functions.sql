-- Functions, procedures, aggregates and window functions. How an aggregate is computed is said in the words of
-- CREATE AGGREGATE; each of its functions is looked up once.
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
    pg_catalog.pg_get_expr(p.proargdefaults, 0),
    case when p.prokind <> 'p' then coalesce(pg_catalog.pg_get_function_result(p.oid), ${gone}) end,
    l.lanname,
    p.provolatile,
    p.proisstrict,
    p.prosecdef,
    p.proleakproof,
    p.proparallel,
    p.proconfig,
    case when p.procost <> case when l.lanname in ('c', 'internal') then 1 else 100 end then p.procost::pg_catalog.text end,
    case when p.proretset and p.prorows <> 1000 then p.prorows::pg_catalog.text end,
    case when p.prosupport <> 0 then (
        select pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(s.proname)
        from pg_catalog.pg_proc as s
        join pg_catalog.pg_namespace as sn on sn.oid = s.pronamespace
        where s.oid = p.prosupport
    ) end,
    case when p.protrftypes is not null then array(
        select pg_catalog.format_type(a.oid, null)
        from pg_catalog.unnest(p.protrftypes) with ordinality as a (oid, k)
        order by a.k
    ) end,
    case when ${sql_body} then coalesce(${sql_body_text}, ${gone}) else p.prosrc end,
    ${sql_body},
    p.probin,
    case when p.prokind = 'a' then (
        select pg_catalog.array_remove(array[
            'sfunc=' || f.names[1],
            'stype=' || pg_catalog.format_type(a.aggtranstype, null),
            'sspace=' || nullif(a.aggtransspace, 0)::pg_catalog.text,
            'finalfunc=' || f.names[2],
            case when a.aggfinalextra then 'finalfunc_extra=true' end,
            'finalfunc_modify=' || case when a.aggfinalmodify <> case when a.aggkind = 'n' then 'r' else 'w' end
                then case a.aggfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end
            end,
            'combinefunc=' || f.names[3],
            'serialfunc=' || f.names[4],
            'deserialfunc=' || f.names[5],
            'initcond=' || a.agginitval,
            'msfunc=' || f.names[6],
            'minvfunc=' || f.names[7],
            'mstype=' || pg_catalog.format_type(nullif(a.aggmtranstype, 0), null),
            'msspace=' || nullif(a.aggmtransspace, 0)::pg_catalog.text,
            'mfinalfunc=' || f.names[8],
            case when a.aggmfinalextra then 'mfinalfunc_extra=true' end,
            'mfinalfunc_modify=' || case when a.aggmfinalmodify <> case when a.aggkind = 'n' then 'r' else 'w' end
                then case a.aggmfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end
            end,
            'minitcond=' || a.aggminitval,
            'sortop=' || (
                select pg_catalog.quote_ident(sn.nspname) || '.' || s.oprname::pg_catalog.text
                from pg_catalog.pg_operator as s
                join pg_catalog.pg_namespace as sn on sn.oid = s.oprnamespace
                where s.oid = a.aggsortop
            ),
            'direct=' || case when a.aggkind <> 'n' then a.aggnumdirectargs end::pg_catalog.text,
            case when a.aggkind = 'h' then 'hypothetical=true' end
        ], null)
        from pg_catalog.pg_aggregate as a
        cross join lateral (
            select array(
                select pg_catalog.quote_ident(gn.nspname) || '.' || pg_catalog.quote_ident(g.proname)
                from pg_catalog.unnest(array[
                    a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn,
                    a.aggminvtransfn, a.aggmfinalfn
                ]::pg_catalog.oid[]) with ordinality as u (oid, k)
                left join pg_catalog.pg_proc as g on g.oid = u.oid
                left join pg_catalog.pg_namespace as gn on gn.oid = g.pronamespace
                order by u.k
            ) as names
            offset 0 -- else it is planned once for each name
        ) as f
        where a.aggfnoid = p.oid
    ) end,
    pg_catalog.pg_get_userbyid(p.proowner),
    coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))::pg_catalog.text[],
    (
        select e.extname
        from pg_catalog.pg_depend as x
        join pg_catalog.pg_extension as e on e.oid = x.refobjid
        where x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and x.objid = p.oid and x.deptype = 'e'
    ),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objoid = p.oid and d.objsubid = 0
    )
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
join pg_catalog.pg_language as l on l.oid = p.prolang
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, p.proname, 4
