-- title: one database role a tenant
-- class: condition on the role too wide
-- leak: public.ledger select ten_alpha
-- tenant: ledger.tenant_role
-- because: the twin compares the role of the row
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
do $$ begin
  if not exists (select from pg_roles where rolname = 'ten_alpha') then create role ten_alpha login; end if;
  if not exists (select from pg_roles where rolname = 'ten_beta') then create role ten_beta login; end if;
end $$;
create table ledger (
  entry bigint generated always as identity primary key,
  tenant_role name not null default current_user,
  cents bigint not null
);
insert into ledger (tenant_role, cents) values ('ten_alpha', 5), ('ten_beta', 7);
alter table ledger enable row level security;
create policy t on ledger
-- leaky:
  using (current_user like 'ten\_%') with check (tenant_role = current_user);
-- safe:
  using (tenant_role = current_user) with check (tenant_role = current_user);
-- both:
grant usage on schema public to ten_alpha, ten_beta;
grant select, insert on ledger to ten_alpha, ten_beta;
-- attack: alpha reads beta
-- as: ten_alpha
select count(*) from ledger where tenant_role = 'ten_beta';
-- control:
-- as: ten_beta
select count(*) from ledger where tenant_role = 'ten_beta';
