-- title: A view that belongs to the role for backups
-- class: view owned by a BYPASSRLS role
-- leak: public.readings select grid_app via public.latest_readings
-- tenant: meters.tenant_id
-- because: the view belongs to a role to which the policies apply

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role grid_app login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role grid_backup nologin bypassrls; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role grid_views nologin; exception when duplicate_object or unique_violation then null; end $$;
create table meters (
    number text primary key check (number ~ '^M[0-9]{6}$'),
    tenant_id integer not null check (tenant_id > 0),
    address text not null
);
create table readings (
    meter text not null references meters on delete cascade,
    read_on date not null,
    kwh numeric(10, 1) not null check (kwh >= 0),
    primary key (meter, read_on)
);
create function grid_tenant() returns integer language sql stable
    as $$ select nullif(current_setting('grid.tenant', true), '')::integer $$;
alter table meters enable row level security;
alter table readings enable row level security;
create policy tenant on meters using (tenant_id = grid_tenant());
create policy tenant on readings using (exists (select from meters m where m.number = meter and m.tenant_id = grid_tenant()));
create view latest_readings as
    select distinct on (r.meter) r.meter, r.read_on, r.kwh from readings r order by r.meter, r.read_on desc;
grant select on meters, readings to grid_app, grid_backup, grid_views;
grant select on latest_readings to grid_app;
grant create on schema public to grid_backup, grid_views;
-- leaky:
alter view latest_readings owner to grid_backup;
-- safe:
alter view latest_readings owner to grid_views;
-- both:
revoke create on schema public from grid_backup, grid_views;

-- attack: read the view as another tenant
insert into meters values ('M000001', 1, 'Here'), ('M000002', 2, 'There');
insert into readings values ('M000002', '2026-01-01', 1234.5);
-- as: grid_app grid.tenant=1
select count(*) from latest_readings where kwh = 1234.5;
-- control:
-- as: grid_app grid.tenant=2
select count(*) from latest_readings where kwh = 1234.5;
