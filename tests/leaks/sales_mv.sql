-- title: sales figures by workspace, refreshed nightly
-- class: materialised view
-- leak: billing.workspace_revenue select authenticated via materialized view billing.workspace_revenue
-- tenant: billing.sale.workspace
-- because: the twin does not grant the materialised view
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
create schema billing;
create table billing.sale (
  sale_no bigint generated always as identity,
  workspace uuid not null,
  amount_cents int not null check (amount_cents > 0),
  currency char(3) not null check (currency in ('EUR', 'USD', 'CHF')),
  sold_at timestamptz not null default now(),
  primary key (workspace, sale_no)
);
alter table billing.sale enable row level security;
create policy ws on billing.sale to authenticated
  using (workspace = (auth.jwt() -> 'app_metadata' ->> 'workspace')::uuid);
create materialized view billing.workspace_revenue as
  select workspace, currency, sum(amount_cents) as cents, count(*) as sales from billing.sale group by 1, 2;
grant usage on schema billing to authenticated;
grant select, insert on billing.sale to authenticated;
-- leaky:
grant select on billing.workspace_revenue to authenticated;
-- safe:
-- attack: a user of workspace OB reads the revenue of OA
insert into billing.sale (workspace, amount_cents, currency) values (:OA, 100, 'EUR');
refresh materialized view billing.workspace_revenue;
-- as: authenticated B {"app_metadata": {"workspace": ":OB"}}
select count(*) from billing.workspace_revenue where workspace = :OA;
-- control:
-- as: authenticated A {"app_metadata": {"workspace": ":OA"}}
select count(*) from billing.sale where workspace = :OA;
