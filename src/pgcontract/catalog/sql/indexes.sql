-- Indexes. Plain key columns come as attribute numbers and are named by the reader; only a key that is an expression
-- is deparsed. An operator class or a collation is printed where it is not the one that Postgres would choose.
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
        when i.indexprs is not null
        then array(
            select pg_catalog.pg_get_indexdef(i.indexrelid, s.k, false)
            from pg_catalog.generate_series(1, i.indnkeyatts) as s (k)
            order by s.k
        )
    end,
    array(
        select
            case when oc.opcdefault then '' else
                pg_catalog.quote_ident(ocn.nspname) || '.' || pg_catalog.quote_ident(oc.opcname)
            end
        from pg_catalog.unnest(i.indclass::pg_catalog.oid[]) with ordinality as s (oid, k)
        join pg_catalog.pg_opclass as oc on oc.oid = s.oid
        join pg_catalog.pg_namespace as ocn on ocn.oid = oc.opcnamespace
        order by s.k
    ),
    case
        when exists (
            select from pg_catalog.pg_attribute as ia
            left join pg_catalog.pg_attribute as ta
                on ta.attrelid = i.indrelid and ta.attnum = i.indkey[ia.attnum - 1] and ta.attnum > 0
            join pg_catalog.pg_type as it on it.oid = ia.atttypid
            where ia.attrelid = i.indexrelid
                and ia.attcollation <> coalesce(ta.attcollation, it.typcollation)
        )
        then array(
            select
                case
                    when ia.attcollation <> coalesce(ta.attcollation, it.typcollation)
                    then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
                    else ''
                end
            from pg_catalog.pg_attribute as ia
            left join pg_catalog.pg_attribute as ta
                on ta.attrelid = i.indrelid and ta.attnum = i.indkey[ia.attnum - 1] and ta.attnum > 0
            join pg_catalog.pg_type as it on it.oid = ia.atttypid
            left join pg_catalog.pg_collation as co on co.oid = ia.attcollation
            left join pg_catalog.pg_namespace as cn on cn.oid = co.collnamespace
            where ia.attrelid = i.indexrelid
            order by ia.attnum
        )
    end,
    pg_catalog.pg_get_expr(i.indpred, i.indrelid),
    k.conname,
    ic.reloptions,
    d.description
from pg_catalog.pg_index as i
join pg_catalog.pg_class as ic on ic.oid = i.indexrelid
join pg_catalog.pg_class as c on c.oid = i.indrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_am as am on am.oid = ic.relam
left join pg_catalog.pg_constraint as k
    on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objoid = i.indexrelid and d.objsubid = 0
where c.relkind in ('r', 'p', 'm')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by i.indrelid, ic.relname
