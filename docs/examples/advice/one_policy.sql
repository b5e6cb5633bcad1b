-- OnePermissivePolicy
create table posts (id int primary key, author uuid);
create policy own on posts for select to authenticated using (author = (select auth.uid()));
grant select on posts to authenticated;
-- broken
create policy published on posts for select to authenticated using (id > 100);
