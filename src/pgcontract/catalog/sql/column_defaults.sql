-- Defaults of columns, and the expressions of generated ones.
-- pg_get_expr(adbin, 0) gives the same text for a default, which names no column, at a twentieth of the price of
-- pg_get_expr(adbin, adrelid). Only a generated column's expression names columns (VAR in the stored tree), and needs the
-- relation. It is cheaper to read those of relations that are not wanted too than to find out.
select
    d.adrelid,
    d.adnum,
    case
        when pg_catalog.strpos(d.adbin::pg_catalog.text, '{VAR ') > 0 then coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ${gone})
        else pg_catalog.pg_get_expr(d.adbin, 0)
    end
from pg_catalog.pg_attrdef as d
