-- ValuesInSet
create table invoices (id int primary key, status text);
insert into invoices values (1, 'draft'), (2, 'paid');
-- broken
insert into invoices values (3, 'payed');
