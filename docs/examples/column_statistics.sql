-- MeanBetween
create table invoices (id int primary key, amount numeric);
insert into invoices values (1, 20), (2, 400);
-- broken
insert into invoices values (3, 9999);

-- StdDevBetween
create table sensors (id int primary key, temperature numeric);
insert into sensors values (1, 19.5), (2, 21), (3, 22.5);
-- broken
update sensors set temperature = 20;

-- SumEquals
create table ledger (id int primary key, amount numeric);
insert into ledger values (1, 100), (2, -100);
-- broken
insert into ledger values (3, 0.01);
