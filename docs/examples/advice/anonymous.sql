-- AnonymousSignInsConsidered
create table posts (id uuid primary key, author uuid not null);
alter table posts enable row level security;
create policy own on posts to authenticated
  using (author = (select auth.uid()) and not coalesce((select auth.jwt() ->> 'is_anonymous')::boolean, false));
grant select on posts to authenticated;
-- broken
alter policy own on posts using (author = (select auth.uid()));
