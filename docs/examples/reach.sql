-- NotReadableBy
create table invoices (id uuid primary key, user_id uuid not null references auth.users);
alter table invoices enable row level security;
create policy own on invoices for select to anon, authenticated using (user_id = (select auth.uid()));
grant select on invoices to anon, authenticated;
-- broken
alter policy own on invoices using (true);

-- NotWritableBy
create table invoices (id uuid primary key, user_id uuid not null references auth.users);
alter table invoices enable row level security;
create policy own on invoices to authenticated using (user_id = (select auth.uid()));
grant select, insert on invoices to authenticated;
-- broken
grant delete on invoices to authenticated;

-- ReadableBy
create table invoices (id uuid primary key, user_id uuid not null references auth.users);
alter table invoices enable row level security;
create policy own on invoices for select to authenticated using (user_id = (select auth.uid()));
grant select on invoices to authenticated;
-- broken
alter policy own on invoices using (true);

-- WritableBy
create table invoices (id uuid primary key, user_id uuid not null references auth.users, note text);
alter table invoices enable row level security;
create policy own on invoices to authenticated using (user_id = (select auth.uid()));
grant select, insert, update on invoices to authenticated;
-- broken
alter policy own on invoices with check (true);
