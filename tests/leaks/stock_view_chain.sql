-- title: warehouse stock through two views
-- class: view chain
-- leak: public.stock_report select authenticated
-- leak: public.stock_base select authenticated
-- tenant: stock.warehouse_org
-- because: in the twin both views run with the rights of the caller
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
create table stock (
  sku text not null check (sku ~ '^[A-Z]{3}[0-9]{3}$'),
  warehouse_org uuid not null,
  on_hand int not null default 0 check (on_hand >= 0),
  unique (warehouse_org, sku)
);
alter table stock enable row level security;
create policy s on stock for all to authenticated using (warehouse_org = (current_setting('request.jwt.claims', true)::json ->> 'org_id')::uuid);
-- leaky:
create view stock_base as select * from stock where on_hand >= 0;
-- safe:
create view stock_base with (security_invoker) as select * from stock where on_hand >= 0;
-- both:
create view stock_report with (security_invoker) as select warehouse_org, sum(on_hand) as pieces from stock_base group by 1;
grant usage on schema public to authenticated;
grant select on stock, stock_base, stock_report to authenticated;
-- attack: OB reads the stock of OA
insert into stock values ('ABC123', :OA, 4);
-- as: authenticated B {"org_id": ":OB"}
select count(*) from stock_report where warehouse_org = :OA;
-- control:
-- as: authenticated A {"org_id": ":OA"}
select count(*) from stock_report where warehouse_org = :OA;
