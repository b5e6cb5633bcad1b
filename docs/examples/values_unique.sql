-- ValuesUnique
create table invoices (id int primary key, org_id int, number int);
insert into invoices values (1, 1, 100), (2, 1, 101), (3, 2, 100);
-- broken
insert into invoices values (4, 2, 100);
