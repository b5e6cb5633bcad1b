-- PoliciesNotRecursive
create table members (org int, user_id uuid);
alter table members enable row level security;
create policy own on members for select to authenticated using (user_id = (select auth.uid()));
grant select on members to authenticated;
-- broken
create policy colleagues on members for select to authenticated
  using (org in (select m.org from members m where m.user_id = (select auth.uid())));
