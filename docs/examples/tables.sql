-- RelationExists
create materialized view monthly_totals as select 1 as total;
-- broken
drop materialized view monthly_totals;

-- TableExists
create table invoices (id int primary key);
-- broken
alter table invoices rename to invoice;

-- TablesAre
create table invoices (id int primary key);
create table customers (id int primary key);
-- broken
create table invoices_backup (id int);
