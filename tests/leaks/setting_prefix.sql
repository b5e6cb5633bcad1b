-- title: Tenants told apart by the beginning of a code
-- class: setting compared as a prefix
-- leak: public.parcels select depot_app
-- tenant: parcels.tenant_code
-- because: the codes are compared whole

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role depot_app login; exception when duplicate_object or unique_violation then null; end $$;
create domain tenant_code as varchar(8) check (value ~ '^[a-z]{2,8}$');
create table tenants (code tenant_code primary key, display_name text not null);
create table parcels (
    id uuid primary key default gen_random_uuid(),
    tenant_code tenant_code not null references tenants on update cascade,
    barcode char(12) not null unique check (barcode ~ '^[0-9]{12}$'),
    recipient text not null,
    received date not null
);
alter table tenants enable row level security;
alter table parcels enable row level security;
create policy me on tenants for select using (code = current_setting('app.tenant', true));
create policy mine on parcels using (
-- leaky:
    tenant_code like current_setting('app.tenant') || '%');
-- safe:
    tenant_code = current_setting('app.tenant'));
-- both:
grant select on tenants to depot_app;
grant select, insert, update on parcels to depot_app;

-- attack: be a tenant with whose code another's begins
insert into tenants values ('ant', 'Ant'), ('antler', 'Antler');
insert into parcels (tenant_code, barcode, recipient, received) values ('antler', '000000000001', 'canary', '2026-01-01');
-- as: depot_app app.tenant=ant
select count(*) from parcels;
-- control:
-- as: depot_app app.tenant=antler
select count(*) from parcels;
