-- Reconciles
create table invoices (id int primary key, status text);
create table payments (invoice_id int);
insert into invoices values (1, 'paid'), (2, 'paid'), (3, 'sent');
insert into payments values (1), (2);
-- broken
update invoices set status = 'paid' where id = 3;
