-- title: A maintenance role that the web application may become
-- class: BYPASSRLS role reachable
-- leak: public.accounts select crm_web via crm_ops
-- tenant: accounts.tenant_id
-- because: the maintenance role has no privilege on the accounts, so bypassing their policies gains nothing

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role crm_web login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role crm_ops nologin bypassrls; exception when duplicate_object or unique_violation then null; end $$;
grant crm_ops to crm_web;
create table tenants (id uuid primary key, name text not null);
create table accounts (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    name text not null,
    notes text,
    created date not null
);
create table maintenance_runs (id bigint generated always as identity primary key, at timestamptz not null, what text not null);
alter table accounts enable row level security;
create policy tenant on accounts using (tenant_id = nullif(current_setting('crm.tenant', true), '')::uuid);
grant select, insert, update on accounts to crm_web;
grant select, insert on maintenance_runs to crm_ops;
-- leaky:
grant select on accounts to crm_ops;
-- safe:
-- both:

-- attack: SET ROLE, then read
insert into tenants values (:OA, 'Ant'), (:OB, 'Bee');
insert into accounts (tenant_id, name, created) values (:OB, 'canary', '2026-01-01');
-- as: superuser crm.tenant=:OA
set local session authorization crm_web;
set local role crm_ops;
select count(*) from accounts;
-- control:
-- as: crm_web crm.tenant=:OB
select count(*) from accounts;
