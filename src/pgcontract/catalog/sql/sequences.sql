-- Sequences, with the column that each belongs to (deptype a: serial, i: identity).
select
    n.nspname,
    c.relname,
    pg_catalog.pg_get_userbyid(c.relowner),
    pg_catalog.format_type(s.seqtypid, null),
    s.seqstart,
    s.seqincrement,
    s.seqmin,
    s.seqmax,
    s.seqcache,
    s.seqcycle,
    o.refobjid,
    o.refobjsubid,
    coalesce(c.relacl, pg_catalog.acldefault('s', c.relowner))::pg_catalog.text[],
    e.extname,
    d.description
from pg_catalog.pg_sequence as s
join pg_catalog.pg_class as c on c.oid = s.seqrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_depend as o
    on o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and o.objid = c.oid and o.objsubid = 0
    and o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and o.deptype in ('a', 'i')
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and x.objid = c.oid and x.objsubid = 0 and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objoid = c.oid and d.objsubid = 0
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
