-- Statistics objects: CREATE STATISTICS. Expressions stand after the columns, as Postgres deparses them.
select
    n.nspname,
    s.stxname,
    tn.nspname,
    c.relname,
    s.stxkind::pg_catalog.text[],
    array(
        select a.attname::pg_catalog.text
        from pg_catalog.unnest(s.stxkeys::pg_catalog.int2[]) with ordinality as k (number, place)
        join pg_catalog.pg_attribute as a on a.attrelid = s.stxrelid and a.attnum = k.number
        order by k.place
    ),
    ${stxexpressions},
    pg_catalog.pg_get_userbyid(s.stxowner),
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass and d.objoid = s.oid and d.objsubid = 0
    )
from pg_catalog.pg_statistic_ext as s
join pg_catalog.pg_namespace as n on n.oid = s.stxnamespace
join pg_catalog.pg_class as c on c.oid = s.stxrelid
join pg_catalog.pg_namespace as tn on tn.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, s.stxname
