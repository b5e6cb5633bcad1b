-- The indexes that have an operator class with options.
select distinct ia.attrelid
from pg_catalog.pg_attribute as ia
join pg_catalog.pg_index as i on i.indexrelid = ia.attrelid
where ia.attoptions is not null
order by ia.attrelid
