-- Operators outside pg_catalog. What belongs to them is looked up for each: the server would join all operators first.
-- One that another announces as its commutator or negator has no function yet. One that was made after it was announced,
-- and is dropped again, leaves its number where it was announced.
select
    n.nspname,
    o.oprname,
    pg_catalog.format_type(nullif(o.oprleft, 0), null) collate "C",
    pg_catalog.format_type(nullif(o.oprright, 0), null) collate "C",
    pg_catalog.format_type(nullif(o.oprresult, 0), null),
    (
        select pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.proname) || '('
            || pg_catalog.array_to_string(array(
                select pg_catalog.format_type(a.oid, null)
                from pg_catalog.unnest(f.proargtypes::pg_catalog.oid[]) with ordinality as a (oid, k)
                order by a.k
            ), ', ') || ')'
        from pg_catalog.pg_proc as f
        join pg_catalog.pg_namespace as fn on fn.oid = f.pronamespace
        where f.oid = o.oprcode::pg_catalog.oid
    ),
    pg_catalog.pg_get_userbyid(o.oprowner),
    case when o.oprcom <> 0 then coalesce((
        select pg_catalog.quote_ident(cn.nspname) || '.' || c.oprname::pg_catalog.text
        from pg_catalog.pg_operator as c
        join pg_catalog.pg_namespace as cn on cn.oid = c.oprnamespace
        where c.oid = o.oprcom
    ), '(dropped)') end,
    case when o.oprnegate <> 0 then coalesce((
        select pg_catalog.quote_ident(gn.nspname) || '.' || g.oprname::pg_catalog.text
        from pg_catalog.pg_operator as g
        join pg_catalog.pg_namespace as gn on gn.oid = g.oprnamespace
        where g.oid = o.oprnegate
    ), '(dropped)') end,
    o.oprcanhash,
    o.oprcanmerge,
    (
        select e.extname
        from pg_catalog.pg_depend as x
        join pg_catalog.pg_extension as e on e.oid = x.refobjid
        where x.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass and x.objid = o.oid and x.deptype = 'e'
    ),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_operator'::pg_catalog.regclass and d.objoid = o.oid and d.objsubid = 0
    )
from pg_catalog.pg_operator as o
join pg_catalog.pg_namespace as n on n.oid = o.oprnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, o.oprname, 3, 4
