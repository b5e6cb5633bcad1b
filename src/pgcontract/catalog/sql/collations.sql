-- Collations outside pg_catalog. Those of one name for other encodings than the database's cannot be used.
select
    n.nspname,
    c.collname,
    c.collprovider,
    pg_catalog.pg_get_userbyid(c.collowner),
    ${collation_locale},
    c.collisdeterministic,
    ${collation_rules},
    e.extname,
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_collation'::pg_catalog.regclass and d.objoid = c.oid and d.objsubid = 0
    )
from pg_catalog.pg_collation as c
join pg_catalog.pg_namespace as n on n.oid = c.collnamespace
left join pg_catalog.pg_depend as x
    on x.classid = 'pg_catalog.pg_collation'::pg_catalog.regclass and x.objid = c.oid and x.deptype = 'e'
left join pg_catalog.pg_extension as e on e.oid = x.refobjid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and c.collencoding in (-1, (
        select b.encoding from pg_catalog.pg_database as b where b.datname = pg_catalog.current_database()
    ))
order by n.nspname, c.collname
