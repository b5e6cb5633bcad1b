-- title: maps with an access list in json
-- class: reversed json containment
-- leak: public.map_sheet select authenticated
-- owner: map_sheet.drawn_by
-- because: the twin asks whether the list contains the caller
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
create table map_sheet (
  id uuid primary key default gen_random_uuid(),
  drawn_by uuid not null,
  acl jsonb not null default '[]' check (jsonb_typeof(acl) = 'array'),
  centre point not null default '(0,0)',
  zoom int not null default 3 check (zoom between 0 and 22)
);
alter table map_sheet enable row level security;
create policy own on map_sheet for all to authenticated using (drawn_by = auth.uid());
create policy acl on map_sheet for select to authenticated
-- leaky:
  using (jsonb_build_array(auth.uid()) @> acl);
-- safe:
  using (acl @> jsonb_build_array(auth.uid()));
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: an empty list is contained in any
insert into map_sheet (drawn_by) values (:A);
-- as: authenticated B
select count(*) from map_sheet;
-- control:
-- as: authenticated A
select count(*) from map_sheet;
