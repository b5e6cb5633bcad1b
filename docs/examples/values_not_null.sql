-- ValuesNotNull
create table invoices (id int primary key, amount numeric);
insert into invoices values (1, 20);
-- broken
insert into invoices values (2, null);
