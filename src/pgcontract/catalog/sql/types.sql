-- Types that somebody made. Left out are those that come with something else: the row type of a relation, the array of
-- a type. Parts are gathered as JSON, for arrays of pairs have no other type that every driver reads alike.
-- pg_get_expr(..., 0): neither a domain's default nor its checks name a column.
select
    n.nspname,
    t.typname,
    t.typtype,
    pg_catalog.pg_get_userbyid(t.typowner),
    case when t.typtype = 'e' then array(
        select l.enumlabel::pg_catalog.text
        from pg_catalog.pg_enum as l
        where l.enumtypid = t.oid
        order by l.enumsortorder
    ) end,
    case when t.typtype = 'c' then (
        select pg_catalog.json_agg(
            pg_catalog.json_build_array(
                a.attname,
                pg_catalog.format_type(a.atttypid, a.atttypmod),
                case when a.attcollation <> at.typcollation then (
                    select pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
                    from pg_catalog.pg_collation as co
                    join pg_catalog.pg_namespace as cn on cn.oid = co.collnamespace
                    where co.oid = a.attcollation
                ) end
            )
            order by a.attnum
        )
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_type as at on at.oid = a.atttypid
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ) end,
    case when t.typtype = 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod) end,
    t.typnotnull,
    case when t.typtype = 'd' then pg_catalog.pg_get_expr(t.typdefaultbin, 0) end,
    case when t.typtype in ('d', 'r') then (
        select pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
        from pg_catalog.pg_collation as co
        join pg_catalog.pg_namespace as cn on cn.oid = co.collnamespace
        where co.oid = case when t.typtype = 'd' then t.typcollation else r.rngcollation end
            and co.oid is distinct from (
                select b.typcollation
                from pg_catalog.pg_type as b
                where b.oid = case when t.typtype = 'd' then t.typbasetype else r.rngsubtype end
            )
    ) end,
    case when t.typtype = 'd' then (
        select pg_catalog.json_agg(
            pg_catalog.json_build_array(
                k.conname, pg_catalog.pg_get_expr(k.conbin, 0), k.convalidated, (
                    select d.description
                    from pg_catalog.pg_description as d
                    where d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
                        and d.objoid = k.oid and d.objsubid = 0
                )
            )
            order by k.conname
        )
        from pg_catalog.pg_constraint as k
        where k.contypid = t.oid and k.contype = 'c'
    ) end,
    pg_catalog.format_type(r.rngsubtype, null),
    case when t.typtype = 'r' then pg_catalog.json_build_array(
        (
            select pg_catalog.quote_ident(mn.nspname) || '.' || pg_catalog.quote_ident(m.typname)
            from pg_catalog.pg_type as m
            join pg_catalog.pg_namespace as mn on mn.oid = m.typnamespace
            where m.oid = ${multirange_of_range}
        ),
        (
            select pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.opcname)
            from pg_catalog.pg_opclass as o
            join pg_catalog.pg_namespace as cn on cn.oid = o.opcnamespace
            where o.oid = r.rngsubopc and not o.opcdefault
        ),
        (
            select pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.proname)
            from pg_catalog.pg_proc as f
            join pg_catalog.pg_namespace as fn on fn.oid = f.pronamespace
            where f.oid = r.rngsubdiff
        ),
        (
            select pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.proname)
            from pg_catalog.pg_proc as f
            join pg_catalog.pg_namespace as fn on fn.oid = f.pronamespace
            where f.oid = r.rngcanonical
        )
    ) end,
    coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))::pg_catalog.text[],
    e.extname,
    d.description
from (
    -- offset 0: the few that are left are found first, and only they are joined to the rest
    select t.*
    from pg_catalog.pg_type as t
    where (t.typtype <> 'c' or exists (
            select from pg_catalog.pg_class as c where c.oid = t.typrelid and c.relkind = 'c'
        ))
        and not exists (select from pg_catalog.pg_type as el where el.typarray = t.oid)
    offset 0
) as t
join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
left join pg_catalog.pg_range as r on ${range_of_type}
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and x.objid = t.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
left join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objoid = t.oid and d.objsubid = 0
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, t.typname
