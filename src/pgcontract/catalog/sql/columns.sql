-- Live columns of every relation that is read, in their order. Types, defaults, collations and comments come from queries
-- of their own. What few columns have is in one text, which is NULL for the others: by a letter that the column is an
-- identity or generated; then, after commas, its storage, compression, statistics target and options, none of which
-- holds a comma. Storage counts where it is not as most types have it; `column_types` has what each type has.
-- offset 0: each relation's columns are looked up by the index, for indexes, sequences and TOAST tables have columns too,
-- and more than the tables.
select
    a.attrelid,
    a.attnum,
    a.attname,
    a.atttypid,
    a.atttypmod,
    a.attcollation,
    a.attnotnull,
    a.attacl::pg_catalog.text[],
    case
        when a.attstorage <> case when a.atttypid = 1700 then 'm' when a.attlen = -1 then 'x' else 'p' end
            or a.attstattarget >= 0 or a.attoptions is not null or ${attcompression} <> ''
        then pg_catalog.concat_ws(
            ',', a.attidentity::pg_catalog.text || a.attgenerated::pg_catalog.text, a.attstorage,
            ${attcompression}, coalesce(a.attstattarget::pg_catalog.text, ''), pg_catalog.array_to_string(a.attoptions, ',')
        )
        when a.attidentity <> '' then a.attidentity::pg_catalog.text
        when a.attgenerated <> '' then a.attgenerated::pg_catalog.text
    end
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral (
    select a.*
    from pg_catalog.pg_attribute as a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    order by a.attnum
    offset 0
) as a
where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
