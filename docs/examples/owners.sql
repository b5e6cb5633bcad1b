-- OwnerIs
create role app_owner;
create table invoices (id int primary key);
alter table invoices owner to app_owner;
-- broken
alter table invoices owner to current_user;
