-- ColumnsOpenedByTable
create table profiles (id int primary key, name text, email text);
grant select on profiles to authenticated;
-- broken
create table accounts (id int primary key, iban text);
grant select (id) on accounts to authenticated;
