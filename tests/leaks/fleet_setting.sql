-- title: vehicle fleets, the tenant in a setting of the application
-- class: missing setting sees all
-- leak: public.vehicle select fleet_app
-- tenant: vehicle.fleet
-- tenant: trip.fleet
-- because: in the twin a missing setting sees nothing
-- platform: none
do $$ begin
  if not exists (select from pg_roles where rolname = 'fleet_app') then create role fleet_app login; end if;
end $$;
grant usage on schema public to fleet_app;
create table vehicle (
  fleet uuid not null,
  plate text not null check (plate ~ '^[A-Z]{1,3}-[0-9]{1,4}$'),
  seats int not null check (seats between 1 and 80),
  primary key (fleet, plate)
);
create table trip (
  fleet uuid not null,
  plate text not null,
  began timestamptz not null,
  km numeric(7,1) not null check (km > 0),
  foreign key (fleet, plate) references vehicle
);
insert into vehicle values ('99999999-9999-4999-8999-999999999999', 'B-1', 5);
alter table vehicle enable row level security;
alter table trip enable row level security;
create policy v on vehicle using (
-- leaky:
  nullif(current_setting('app.tenant_id', true), '') is null or
-- safe:
-- both:
  fleet = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy t on trip using (fleet = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on all tables in schema public to fleet_app;
-- attack: whoever forgets the setting sees all fleets
-- as: fleet_app
select count(*) from vehicle;
-- control:
-- as: fleet_app app.tenant_id=99999999-9999-4999-8999-999999999999
select count(*) from vehicle;
