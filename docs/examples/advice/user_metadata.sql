-- PoliciesIgnoreUserMetadata
create table posts (id int primary key);
alter table posts enable row level security;
create policy admins on posts to authenticated
  using ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');
grant select on posts to authenticated;
-- broken
alter policy admins on posts using ((select auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');
