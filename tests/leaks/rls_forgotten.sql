-- title: pet clinic
-- class: policies without RLS
-- leak: clinic.pet select authenticated
-- owner: clinic.pet.keeper_login
-- because: the twin switches RLS on
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
create schema clinic;
create domain clinic.kilos as numeric(5,2) check (value > 0 and value < 999);
create type clinic.species as enum ('cat', 'dog', 'bird');
create table clinic.pet (
  chip char(15) primary key check (chip ~ '^[0-9]{15}$'),
  keeper_login text not null,
  species clinic.species not null,
  weight clinic.kilos not null,
  born date not null check (born > date '1990-01-01')
);
create policy keep on clinic.pet to authenticated using (keeper_login = (current_setting('request.jwt.claims', true)::json ->> 'sub'));
-- leaky:
-- safe:
alter table clinic.pet enable row level security;
-- both:
grant usage on schema clinic to authenticated;
grant select, insert, update, delete on clinic.pet to authenticated;
-- attack: B reads A's pet
insert into clinic.pet values ('123456789012345', :A, 'cat', 4, '2020-01-01');
-- as: authenticated B
select count(*) from clinic.pet;
-- control:
-- as: authenticated A
select count(*) from clinic.pet;
