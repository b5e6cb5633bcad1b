-- ColumnGenerated
create table invoices (net numeric, tax numeric, total numeric generated always as (net + tax) stored);
-- broken
alter table invoices alter total drop expression;
