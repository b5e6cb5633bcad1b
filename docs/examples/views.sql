-- MaterializedViewsAre
create materialized view monthly_totals as select 1 as total;
-- broken
create materialized view weekly_totals as select 1 as total;

-- ViewExists
create table invoices (id int primary key, paid boolean);
create view open_invoices with (security_invoker) as select id from invoices where not paid;
-- broken
alter view open_invoices reset (security_invoker);

-- ViewsAre
create view open_invoices as select 1 as id;
create view paid_invoices as select 2 as id;
-- broken
create view all_invoices as select 3 as id;
