-- Measurements: partitions by range, list and hash, a composite range key, sub-partitions, inheritance by trigger.
create schema iot;
set search_path = iot, public;

create table sites (id int primary key, name text not null, zone text not null check (zone in ('eu', 'us', 'ap')));
create table devices (
    id bigint primary key,
    site_id int not null references sites,
    serial text not null unique check (serial ~ '^[A-Z]{3}[0-9]{2}-[[:xdigit:]]{4,8}$'),
    firmware text not null default '1.0.0' check (firmware ~ '^\d+\.\d+\.\d+(-[a-z]+)?$'),
    ipv4 inet check (family(ipv4) = 4),
    installed date not null,
    removed date,
    battery int check (battery >= 0 and battery <= 100),
    config json not null default '{}',
    check (removed >= installed)
);
create table readings (
    device_id bigint not null references devices,
    at timestamptz not null,
    metric text not null check (metric in ('temperature', 'humidity', 'pressure')),
    value double precision not null,
    quality smallint not null default 0 check (quality between 0 and 3),
    check (metric <> 'humidity' or value between 0 and 100),
    check (metric <> 'temperature' or (value >= -60 and value <= 85)),
    primary key (device_id, at, metric)
) partition by range (at);
create table readings_2024 partition of readings for values from ('2024-01-01') to ('2025-01-01');
create table readings_2025 partition of readings for values from ('2025-01-01') to ('2026-01-01') partition by list (metric);
create table readings_2025_temperature partition of readings_2025 for values in ('temperature');
create table readings_2025_other partition of readings_2025 default;
create table alarms (
    id uuid not null,
    site_id int not null references sites,
    zone text not null,
    severity int not null check (severity between 1 and 5),
    raised_at timestamptz not null,
    cleared_at timestamptz check (cleared_at is null or cleared_at > raised_at),
    primary key (id, zone)
) partition by list (zone);
create table alarms_eu partition of alarms for values in ('eu');
create table alarms_world partition of alarms for values in ('us', 'ap') partition by hash (id);
create table alarms_world_0 partition of alarms_world for values with (modulus 2, remainder 0);
create table alarms_world_1 partition of alarms_world for values with (modulus 2, remainder 1);
create table usage_months (
    site_id int not null references sites,
    year int not null,
    month int not null,
    kwh numeric(10, 3) not null check (kwh >= 0),
    primary key (site_id, year, month)
) partition by range (year, month);
create table usage_2025_first partition of usage_months for values from (2025, 1) to (2025, 7);
create table usage_2025_second partition of usage_months for values from (2025, 7) to (2026, 1);
create table events (
    id bigserial, at timestamp not null, kind text not null, body jsonb
) partition by range (date_trunc('month', at));
create table events_old partition of events for values from (minvalue) to ('2026-01-01');
create table events_new partition of events for values from ('2026-01-01') to (maxvalue);
create table logs (id int primary key, at date not null, line text not null);
create table logs_odd (check (id % 2 = 1)) inherits (logs);
create table logs_even (check (id % 2 = 0)) inherits (logs);
create function route() returns trigger language plpgsql as $$
begin
    if new.id % 2 = 1 then insert into iot.logs_odd values (new.*); else insert into iot.logs_even values (new.*); end if;
    return null;
end $$;
create trigger route before insert on logs for each row execute function route();
create table thresholds (
    device_id bigint references devices,
    metric text,
    low numeric, high numeric, hysteresis numeric not null default 0,
    check (low < high and hysteresis < (high - low) / 2 and hysteresis >= 0),
    check (num_nonnulls(low, high) >= 1),
    primary key (device_id, metric)
);
create table calibrations (
    device_id bigint references devices,
    valid tstzrange not null,
    matrix double precision[] not null check (array_length(matrix, 1) = 4),
    offsets real[] check (cardinality(offsets) = 3)
);
create unlogged table heartbeats (device_id bigint primary key references devices, at timestamptz not null, rssi smallint check (rssi between -120 and 0));
