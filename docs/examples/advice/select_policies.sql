-- WritersMayRead
create table posts (id int primary key, author uuid);
alter table posts enable row level security;
create policy own on posts for update to authenticated using (author = (select auth.uid()));
create policy reads on posts for select to authenticated using (true);
grant select, update on posts to authenticated;
-- broken
drop policy reads on posts;
