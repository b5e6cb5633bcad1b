-- PoliciesNotOnlyRestrictive
create table posts (id int primary key, author uuid);
alter table posts enable row level security;
create policy own on posts using (author = (select auth.uid()));
create policy not_the_first on posts as restrictive using (id > 1);
-- broken
drop policy own on posts;
