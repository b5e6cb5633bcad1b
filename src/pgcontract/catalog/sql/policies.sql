-- Row-level security policies, with their expressions as trees; catalog/alike.py says why.
select
    p.polrelid,
    p.polname,
    p.polcmd,
    p.polpermissive,
    p.polroles,
    p.polqual::pg_catalog.text,
    p.polwithcheck::pg_catalog.text,
    p.oid
from pg_catalog.pg_policy as p
order by p.polrelid, p.polname
