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
    ${published_schemas}
from pg_catalog.pg_publication as p
order by p.pubname
