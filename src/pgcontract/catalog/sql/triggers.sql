-- Triggers that somebody made; those behind constraints, and the clones on partitions, are left out.
-- A WHEN condition speaks of OLD and NEW, which pg_get_expr cannot deparse: the reader cuts it out of the whole
-- definition. (The regular expression of information_schema.triggers loses all before the last WHEN of a CASE.)
select
    t.tgrelid,
    t.tgname,
    t.tgtype,
    t.tgenabled,
    fn.nspname,
    f.proname,
    t.tgattr::pg_catalog.int2[],
    t.tgargs,
    case when t.tgqual is not null then coalesce(pg_catalog.pg_get_triggerdef(t.oid), ${gone}) end,
    t.tgconstraint <> 0,
    t.tgdeferrable,
    t.tginitdeferred,
    t.tgoldtable,
    t.tgnewtable,
    d.description
from pg_catalog.pg_trigger as t
join pg_catalog.pg_class as c on c.oid = t.tgrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_proc as f on f.oid = t.tgfoid
join pg_catalog.pg_namespace as fn on fn.oid = f.pronamespace
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and d.objoid = t.oid and d.objsubid = 0
where not t.tgisinternal
    and t.tgparentid = 0
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by t.tgrelid, t.tgname
