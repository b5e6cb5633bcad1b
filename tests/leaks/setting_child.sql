-- title: Lines of a timesheet without a tenant of their own
-- class: RLS off on a child table, with a custom setting
-- leak: public.timesheet_lines select hours_app
-- leak: public.timesheet_lines update hours_app
-- tenant: timesheets.tenant_id
-- because: the lines follow their timesheet

-- The platform would grant these tables to its own roles; where it is not, there is nothing to revoke.
do $$ begin
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
exception when undefined_object then null; end $$;
do $$ begin create role hours_app nologin; exception when duplicate_object or unique_violation then null; end $$;
create table tenants (id uuid primary key default gen_random_uuid(), name text not null);
create table timesheets (
    id bigint generated always as identity primary key,
    tenant_id uuid not null default current_setting('app.current_tenant')::uuid references tenants,
    employee text not null,
    week date not null check (extract(isodow from week) = 1),
    unique (tenant_id, employee, week)
);
create table timesheet_lines (
    timesheet_id bigint not null references timesheets on delete cascade,
    day smallint not null check (day between 1 and 7),
    minutes smallint not null check (minutes between 1 and 1440),
    doing text not null,
    primary key (timesheet_id, day)
);
alter table timesheets enable row level security;
create policy tenant on timesheets using (tenant_id = nullif(current_setting('app.current_tenant', true), '')::uuid);
create policy tenant on timesheet_lines using (timesheet_id in (select t.id from timesheets t));
-- leaky:
-- safe:
alter table timesheet_lines enable row level security;
-- both:
grant select, insert, update, delete on timesheets, timesheet_lines to hours_app;

-- attack: read the lines without their sheets
insert into tenants values (:OA, 'Ant'), (:OB, 'Bee');
insert into timesheets overriding system value values (1, :OB, 'Cleo', '2026-01-05');
insert into timesheet_lines values (1, 1, 480, 'canary');
-- as: hours_app app.current_tenant=:OA
select count(*) from timesheet_lines;
-- control:
-- as: hours_app app.current_tenant=:OB
select count(*) from timesheet_lines;
