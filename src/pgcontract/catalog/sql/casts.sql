-- Casts. Objects with an oid below 16384 were there before the first statement of a user's (FirstNormalObjectId).
-- collate "C": what format_type prints would else be ordered as the database's locale has it.
select
    pg_catalog.format_type(k.castsource, null) collate "C",
    pg_catalog.format_type(k.casttarget, null) collate "C",
    k.castcontext,
    k.castmethod,
    case when k.oid >= 16384 then (
        select pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.proname) || '('
            || pg_catalog.array_to_string(array(
                select pg_catalog.format_type(a.oid, null)
                from pg_catalog.unnest(f.proargtypes::pg_catalog.oid[]) with ordinality as a (oid, k)
                order by a.k
            ), ', ') || ')'
        from pg_catalog.pg_proc as f
        join pg_catalog.pg_namespace as fn on fn.oid = f.pronamespace
        where f.oid = k.castfunc
    ) end,
    k.oid < 16384,
    e.extname,
    d.description
from pg_catalog.pg_cast as k
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass and x.objid = k.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_cast'::pg_catalog.regclass and d.objoid = k.oid and d.objsubid = 0
    and k.oid >= 16384
-- What Postgres makes with a range type, from the range to its multirange, is a part of the type.
where k.oid < 16384 or not exists (
    select
    from pg_catalog.pg_type as r
    join pg_catalog.pg_type as m on m.oid = k.casttarget and m.typtype = 'm'
    join pg_catalog.pg_proc as f on f.oid = k.castfunc and f.proname = m.typname and f.pronamespace = m.typnamespace
    where r.oid = k.castsource and r.typtype = 'r'
)
order by 1, 2
