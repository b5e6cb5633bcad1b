-- title: holiday requests copied for the managers by a trigger
-- class: trigger copies into an open table
-- leak: hr.feed select authenticated
-- owner: hr.request.asker
-- because: the twin does not grant the feed
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
create schema hr;
create table hr.request (
  request_id uuid primary key default gen_random_uuid(),
  asker uuid not null,
  days daterange not null check (not isempty(days)),
  reason text not null
);
create table hr.feed (at timestamptz not null default clock_timestamp(), person uuid, summary text not null);
create function hr.tell() returns trigger language plpgsql security definer set search_path = hr as $$
begin
  insert into feed (person, summary) values (new.asker, new.reason);
  return new;
end $$;
create trigger tell after insert on hr.request for each row execute function hr.tell();
alter table hr.request enable row level security;
create policy own on hr.request for all to authenticated using (asker = auth.uid()) with check (asker = auth.uid());
grant usage on schema hr to authenticated;
grant select, insert, update, delete on hr.request to authenticated;
-- leaky:
grant select on hr.feed to authenticated;
-- safe:
-- attack: B reads why A is away
insert into hr.request (asker, days, reason) values (:A, '[2024-01-01,2024-01-05)', 'ill');
-- as: authenticated B
select count(*) from hr.feed;
-- control:
-- as: authenticated A
select count(*) from hr.request;
