-- TableStorage
create table invoices (id int primary key) with (fillfactor = 70);
-- broken
alter table invoices set unlogged;
