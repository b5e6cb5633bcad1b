-- RlsIsolates
create table invoices (id uuid primary key, user_id uuid not null references auth.users, amount numeric);
alter table invoices enable row level security;
create policy own on invoices to authenticated using (user_id = (select auth.uid()));
grant select, insert, update, delete on invoices to authenticated;
-- broken
alter policy own on invoices with check (true);

-- TenantsDoNotInterfere
create table plans (name text primary key);
create table invoices (id uuid primary key, user_id uuid not null references auth.users);
alter table invoices enable row level security;
create policy own on invoices to authenticated using (user_id = (select auth.uid()));
grant select on plans to anon, authenticated;
grant select, insert on invoices to authenticated;
-- broken
create view all_invoices as select * from invoices;
grant select on all_invoices to authenticated;
