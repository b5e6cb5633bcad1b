-- title: device telemetry, partitioned by year
-- class: partition by its own name
-- leak: public.telemetry_2025 select authenticated
-- owner: telemetry.keeper
-- because: the twin protects the partitions as well
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
create table telemetry (
  keeper uuid not null,
  seen_at timestamptz not null,
  device macaddr not null,
  celsius real check (celsius between -90 and 90)
) partition by range (seen_at);
create table telemetry_2024 partition of telemetry for values from ('2024-01-01') to ('2025-01-01');
create table telemetry_2025 partition of telemetry for values from ('2025-01-01') to ('2026-01-01');
alter table telemetry enable row level security;
alter table telemetry_2024 enable row level security;
-- leaky:
-- safe:
alter table telemetry_2025 enable row level security;
-- both:
create policy keep on telemetry for all to authenticated using (keeper = auth.uid()) with check (keeper = auth.uid());
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B names the partition
insert into telemetry values (:A, '2025-03-03', '08:00:2b:01:02:03', 20);
-- as: authenticated B
select count(*) from telemetry_2025;
-- control:
-- as: authenticated A
select count(*) from telemetry;
