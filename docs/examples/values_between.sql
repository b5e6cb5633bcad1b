-- ValuesBetween
create table invoices (id int primary key, amount numeric);
insert into invoices values (1, 20), (2, 400);
-- broken
insert into invoices values (3, -5);
