-- ConstraintRefuses
create table invoices (id uuid primary key, amount numeric check (amount >= 0));
-- broken
alter table invoices drop constraint invoices_amount_check;
alter table invoices add constraint invoices_amount_check check (amount >= -1000);
