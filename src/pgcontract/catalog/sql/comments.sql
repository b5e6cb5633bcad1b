-- Comments on relations, columns, indexes, sequences, constraints and policies.
select
    case d.classoid
        when 'pg_catalog.pg_class'::pg_catalog.regclass then 'relation'
        when 'pg_catalog.pg_constraint'::pg_catalog.regclass then 'constraint'
        else 'policy'
    end,
    d.objoid,
    d.objsubid,
    d.description
from pg_catalog.pg_description as d
where d.classoid in (
    'pg_catalog.pg_class'::pg_catalog.regclass,
    'pg_catalog.pg_constraint'::pg_catalog.regclass,
    'pg_catalog.pg_policy'::pg_catalog.regclass
)
order by 1, d.objoid, d.objsubid
