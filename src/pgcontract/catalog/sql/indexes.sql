-- Indexes. A plain one, of columns with the operator classes and collations that Postgres would choose for them, is put
-- together by the reader from attribute numbers; of every other the whole definition is taken, and its keys cut out.
-- (pg_get_indexdef for all would cost more than the rest of this query.) The default operator class of a type is the
-- one declared for the type itself, and for character varying the one of text; what is less plain is left to Postgres.
select
    i.indrelid,
    ic.relname,
    am.amname,
    i.indisunique,
    i.indisprimary,
    i.indisvalid,
    ${indnullsnotdistinct},
    i.indnkeyatts,
    i.indkey::pg_catalog.int2[],
    i.indoption::pg_catalog.int2[],
    case
        when i.indexprs is not null or p.attrelid is not null
        then coalesce(pg_catalog.pg_get_indexdef(i.indexrelid), ${gone})
    end,
    case when i.indpred is not null then coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ${gone}) end,
    k.conname,
    ic.reloptions,
    ic.oid
from pg_catalog.pg_index as i
join pg_catalog.pg_class as ic on ic.oid = i.indexrelid
join pg_catalog.pg_class as c on c.oid = i.indrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_am as am on am.oid = ic.relam
left join (
    select distinct ia.attrelid
    from pg_catalog.pg_index as i
    join pg_catalog.pg_attribute as ia on ia.attrelid = i.indexrelid
    left join pg_catalog.pg_attribute as ta on ta.attrelid = i.indrelid and ta.attnum = i.indkey[ia.attnum - 1]
    left join pg_catalog.pg_opclass as oc on oc.oid = i.indclass[ia.attnum - 1]
    where ia.attoptions is not null
        or ia.attnum <= i.indnkeyatts and (
            ta.attcollation <> i.indcollation[ia.attnum - 1]
            or not oc.opcdefault
            or (oc.opcintype <> ta.atttypid and (oc.opcintype, ta.atttypid) <> (
                'pg_catalog.text'::pg_catalog.regtype, 'pg_catalog.varchar'::pg_catalog.regtype
            ))
        )
) as p on p.attrelid = i.indexrelid
left join pg_catalog.pg_constraint as k
    on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
where c.relkind in ('r', 'p', 'm')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by i.indrelid, ic.relname
