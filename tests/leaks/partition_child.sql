-- title: Measurements by month, each month a table of its own
-- class: partition by its own name
-- leak: public.measurements_2026_01 select anon
-- leak: public.measurements_2026_01 select authenticated
-- leak: public.measurements select authenticated via public.measurements_2026_01
-- owner: devices.owner_id
-- because: the partitions have row-level security of their own, and no policy

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table devices (
    id bigint generated always as identity primary key,
    owner_id uuid not null references auth.users on delete cascade,
    serial text not null unique check (serial ~ '^SN[0-9A-F]{8}$')
);
create table measurements (
    device_id bigint not null references devices on delete cascade,
    at timestamptz not null check (isfinite(at)),
    celsius double precision not null check (celsius between -80 and 150),
    place point,
    primary key (device_id, at)
) partition by range (at);
create table measurements_2026_01 partition of measurements for values from ('2026-01-01') to ('2026-02-01');
create table measurements_2026_02 partition of measurements for values from ('2026-02-01') to ('2026-03-01');
alter table devices enable row level security;
alter table measurements enable row level security;
create policy own on devices to authenticated using (owner_id = auth.uid());
create policy own on measurements to authenticated using (device_id in (select d.id from devices d));
-- leaky:
-- safe:
alter table measurements_2026_01 enable row level security;
alter table measurements_2026_02 enable row level security;
-- both:

-- attack: name the month
insert into devices overriding system value values (1, :B, 'SN0000CAFE');
insert into measurements values (1, '2026-01-15', 36.6, '(1,2)');
-- as: anon
select count(*) from measurements_2026_01;
-- control:
-- as: authenticated B
select count(*) from measurements;
