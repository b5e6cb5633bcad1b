-- CheckConstraint
create table invoices (id uuid primary key, amount numeric check (amount >= 0));
-- broken
alter table invoices drop constraint invoices_amount_check;

-- PrimaryKey
create table invoices (id int primary key);
-- broken
alter table invoices drop constraint invoices_pkey;

-- UniqueConstraint
create table users (id int primary key, email text unique);
-- broken
alter table users drop constraint users_email_key;
