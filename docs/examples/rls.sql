-- RlsBlocksAnon
create table invoices (id uuid primary key, user_id uuid not null references auth.users);
alter table invoices enable row level security;
create policy own on invoices for select to authenticated using (user_id = (select auth.uid()));
grant select on invoices to anon, authenticated;
insert into auth.users (id, email) values ('00000000-0000-4000-8000-000000000001', 'ada@example.com');
insert into invoices values (gen_random_uuid(), '00000000-0000-4000-8000-000000000001');
-- broken
alter table invoices disable row level security;

-- RlsDisabled
create table countries (code text primary key);
-- broken
alter table countries enable row level security;

-- RlsEnabled
create table invoices (id int primary key);
alter table invoices enable row level security;
-- broken
alter table invoices disable row level security;

-- RlsForced
create table invoices (id int primary key);
alter table invoices enable row level security;
alter table invoices force row level security;
-- broken
alter table invoices no force row level security;

-- RlsNotForced
create table invoices (id int primary key);
-- broken
alter table invoices force row level security;
