-- MaterializedViewsNotExposed
create materialized view monthly_totals as select 1 as total;
-- broken
grant select on monthly_totals to anon;
