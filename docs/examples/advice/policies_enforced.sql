-- PoliciesEnforced
create table posts (id int primary key, author uuid);
alter table posts enable row level security;
create policy own on posts using (author = (select auth.uid()));
-- broken
alter table posts disable row level security;
