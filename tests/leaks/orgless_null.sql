-- title: dashboards; some users have no organisation yet
-- class: null equals null
-- leak: public.dashboard select authenticated
-- owner: dashboard.made_by
-- tenant: dashboard.org
-- because: in the twin, no organisation matches none
-- platform: none
create schema if not exists auth;
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
end $$;
create or replace function auth.jwt() returns jsonb language sql stable as
  $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable as
  $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant usage on schema auth to anon, authenticated;
create table app_user (id uuid primary key, org uuid);
create table dashboard (
  id bigint generated always as identity primary key,
  made_by uuid not null references app_user,
  org uuid,
  layout jsonb not null default '{}' check (jsonb_typeof(layout) = 'object')
);
alter table app_user enable row level security;
alter table dashboard enable row level security;
create policy me on app_user for select to authenticated using (id = auth.uid());
create policy own on dashboard for all to authenticated using (made_by = auth.uid())
  with check (made_by = auth.uid() and org is not distinct from (select u.org from app_user u where u.id = auth.uid()));
create policy d on dashboard for select to authenticated using (
-- leaky:
  org is not distinct from (select u.org from app_user u where u.id = auth.uid())
-- safe:
  org = (select u.org from app_user u where u.id = auth.uid())
-- both:
);
grant usage on schema public to authenticated;
grant select on app_user to authenticated;
grant select, insert, update, delete on dashboard to authenticated;
-- attack: B, without organisation, reads A's private dashboard
insert into app_user values (:A, null), (:B, null);
insert into dashboard (made_by) values (:A);
-- as: authenticated B
select count(*) from dashboard;
-- control:
-- as: authenticated A
select count(*) from dashboard;
