-- TablesHavePrimaryKey
create table invoices (id int primary key);
-- broken
create table notes (text text);
