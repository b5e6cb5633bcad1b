-- title: sales leads of brokers
-- class: update with check true
-- leak: public.lead update authenticated
-- owner: lead.assigned_to
-- because: without WITH CHECK, the twin's update falls back on USING
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
create table lead (
  id bigint generated always as identity primary key,
  assigned_to uuid not null,
  phone text check (phone ~ '^\+[0-9]{8,14}$'),
  stage text not null default 'cold' check (stage in ('cold', 'warm', 'hot')),
  value int4range
);
alter table lead enable row level security;
create policy a on lead for select to authenticated using (assigned_to = auth.uid());
create policy b on lead for insert to authenticated with check (assigned_to = auth.uid());
-- leaky:
create policy c on lead for update to authenticated using (assigned_to = auth.uid()) with check (true);
-- safe:
create policy c on lead for update to authenticated using (assigned_to = auth.uid());
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B palms a lead off on A
insert into lead (assigned_to) values (:B);
-- as: authenticated B
update lead set assigned_to = :A where true returning 1;
-- as: superuser
select count(*) from lead where assigned_to = :A;
-- control:
-- as: authenticated B
update lead set stage = 'hot';
select count(*) from lead where stage = 'hot';
