-- CrudWorks
create table invoices (id uuid primary key, user_id uuid not null references auth.users, note text);
alter table invoices enable row level security;
create policy own on invoices to authenticated using (user_id = (select auth.uid()));
grant select, insert, update, delete on invoices to authenticated;
-- broken
revoke delete on invoices from authenticated;
