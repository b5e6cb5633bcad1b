-- IndexesNotDuplicate
create table invoices (id int primary key, org_id uuid);
-- broken
create unique index again on invoices (id);
