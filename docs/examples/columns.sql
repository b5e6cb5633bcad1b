-- ColumnDefault
create table invoices (id int primary key, created_at timestamptz default now());
-- broken
alter table invoices alter created_at drop default;

-- ColumnExists
create table invoices (id int primary key, amount numeric);
-- broken
alter table invoices rename amount to amounts;

-- ColumnNotNull
create table invoices (id int primary key, amount numeric not null);
-- broken
alter table invoices alter amount drop not null;

-- ColumnNullable
create table invoices (id int primary key, paid_at timestamptz);
-- broken
alter table invoices alter paid_at set not null;

-- ColumnType
create table invoices (id int primary key, amount numeric(12,2));
-- broken
alter table invoices alter amount type numeric(10,2);

-- ColumnsAre
create table customers (id int primary key, name text, email text);
-- broken
alter table customers add column password text;
