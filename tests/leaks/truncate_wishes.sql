-- title: wish lists
-- class: truncate
-- leak: public.wish truncate authenticated
-- owner: wish.wisher
-- because: the twin takes TRUNCATE back
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
create table wish (
  id uuid primary key default gen_random_uuid(),
  wisher uuid not null,
  what varchar(40) not null check (what <> ''),
  url text check (url ~* '^https?://')
);
alter table wish enable row level security;
create policy w on wish for all to authenticated using (wisher = auth.uid());
grant usage on schema public to authenticated;
grant all on all tables in schema public to authenticated;
-- leaky:
-- safe:
revoke truncate on wish from authenticated;
-- attack: B empties the table
insert into wish (wisher, what) values (:A, 'bicycle');
-- as: authenticated B
truncate wish;
-- as: superuser
select count(*) from (select 1 where not exists (select 1 from wish where wisher = :A)) x;
-- control:
-- as: authenticated A
select count(*) from wish;
