-- GrantedTablesHavePolicies
create table posts (id int primary key);
alter table posts enable row level security;
create policy everyone on posts for select to anon using (true);
grant select on posts to anon;
-- broken
drop policy everyone on posts;
