-- PoliciesNameRoles
create table posts (id int primary key, author uuid);
alter table posts enable row level security;
create policy own on posts for select to authenticated using (author = (select auth.uid()));
grant select on posts to authenticated;
-- broken
alter policy own on posts to public;
