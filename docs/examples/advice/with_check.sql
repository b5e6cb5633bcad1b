-- ChecksAsNarrowAsUsing
create table posts (id uuid primary key, author uuid not null);
alter table posts enable row level security;
create policy own on posts to authenticated using (author = (select auth.uid()));
grant select, insert on posts to authenticated;
-- broken
alter policy own on posts with check (true);
