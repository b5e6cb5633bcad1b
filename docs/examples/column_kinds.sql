-- ColumnKindsAre
create table invoices (
  id bigint generated always as identity, net numeric, total numeric generated always as (net * 1.2) stored
);
-- broken
alter table invoices alter total drop expression;
