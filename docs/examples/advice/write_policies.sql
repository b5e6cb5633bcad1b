-- WritePoliciesHaveConditions
create table posts (id int primary key, author uuid);
alter table posts enable row level security;
create policy own on posts to authenticated using (author = (select auth.uid()));
grant select, insert on posts to authenticated;
-- broken
create policy anybody on posts for insert to authenticated with check (true);
