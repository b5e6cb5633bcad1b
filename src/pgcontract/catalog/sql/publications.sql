-- Publications; their tables are in published_tables.sql.
select
    p.oid,
    p.pubname,
    pg_catalog.pg_get_userbyid(p.pubowner),
    p.puballtables,
    p.pubinsert,
    p.pubupdate,
    p.pubdelete,
    p.pubtruncate,
    p.pubviaroot,
    ${published_schemas},
    (
        select d.description
        from pg_catalog.pg_description as d
        where d.classoid = 'pg_catalog.pg_publication'::pg_catalog.regclass and d.objoid = p.oid and d.objsubid = 0
    )
from pg_catalog.pg_publication as p
order by p.pubname
