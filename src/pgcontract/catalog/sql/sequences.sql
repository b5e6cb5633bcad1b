-- Sequences, with the column that each belongs to (deptype a: serial, i: identity). Name, owner and access control list
-- stand in relations.sql.
select
    s.seqrelid,
    pg_catalog.format_type(s.seqtypid, null),
    s.seqstart,
    s.seqincrement,
    s.seqmin,
    s.seqmax,
    s.seqcache,
    s.seqcycle,
    o.refobjid,
    o.refobjsubid
from pg_catalog.pg_sequence as s
left join pg_catalog.pg_depend as o
    on o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and o.objid = s.seqrelid and o.objsubid = 0
    and o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and o.deptype in ('a', 'i')
