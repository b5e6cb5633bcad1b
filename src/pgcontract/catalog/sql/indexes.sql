-- Indexes. A plain one, of columns with the operator classes and collations that Postgres would choose for them, is put
-- together by the reader from numbers; of every other the whole definition is asked for, and its keys cut out.
-- (pg_get_indexdef for all would cost more than the rest of this query.)
select
    i.indrelid,
    ic.relname,
    am.amname,
    i.indisunique,
    i.indisprimary,
    i.indisvalid,
    ${indnullsnotdistinct},
    i.indnkeyatts,
    i.indkey::pg_catalog.text,
    i.indoption::pg_catalog.text,
    i.indclass::pg_catalog.text,
    i.indcollation::pg_catalog.text,
    case when i.indpred is not null then coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ${gone}) end,
    k.conname,
    ic.reloptions,
    ic.oid
from pg_catalog.pg_index as i
join pg_catalog.pg_class as ic on ic.oid = i.indexrelid
join pg_catalog.pg_class as c on c.oid = i.indrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_am as am on am.oid = ic.relam
left join pg_catalog.pg_constraint as k
    on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
where c.relkind in ('r', 'p', 'm')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by ic.relname
