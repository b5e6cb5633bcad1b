-- Bookings: exclusion constraints, ranges, opening hours, prices by season, a trigger that computes.
create schema booking;
set search_path = booking, public;
create extension if not exists btree_gist with schema public;

create type timerange as range (subtype = time);
create table locations (
    id int primary key,
    name text not null,
    country char(2) not null check (country = upper(country) and length(country) = 2),
    coordinates point not null check (coordinates[0] between -180 and 180 and coordinates[1] between -90 and 90),
    opening timerange not null,
    closed_on int[] not null default '{}' check (0 <= all (closed_on) and 6 >= all (closed_on))
);
create table rooms (
    id int generated always as identity primary key,
    location_id int not null references locations,
    code text not null check (code similar to '[A-Z][0-9]{3}'),
    capacity int not null check (capacity between 1 and 500),
    beds jsonb not null check (jsonb_typeof(beds) = 'array' and jsonb_array_length(beds) >= 1),
    unique (location_id, code)
);
create table seasons (
    location_id int not null references locations,
    during daterange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
    factor numeric(4, 2) not null check (factor between 0.5 and 3),
    exclude using gist (location_id with =, during with &&)
);
create table guests (
    id uuid primary key,
    passport text unique check (passport ~ '^[A-Z0-9]{6,9}$'),
    born date not null check (born between date '1900-01-01' and date '2020-12-31'),
    adult boolean
);
create table reservations (
    id uuid primary key default gen_random_uuid(),
    room_id int not null references rooms,
    guest_id uuid not null references guests,
    stay daterange not null,
    arrives time not null default '15:00' check (arrives >= '14:00' and arrives < '23:00'),
    nights int generated always as (upper(stay) - lower(stay)) stored,
    persons int not null check (persons > 0),
    status text not null default 'held' check (status in ('held', 'confirmed', 'cancelled')),
    held_until timestamptz,
    check (status <> 'held' or held_until is not null),
    check (lower_inc(stay) and not upper_inc(stay)),
    check (upper(stay) - lower(stay) <= 30),
    exclude using gist (room_id with =, stay with &&) where (status <> 'cancelled')
);
create table slots (
    room_id int not null references rooms,
    starts_at timestamp not null,
    ends_at timestamp not null,
    check (ends_at > starts_at),
    check (ends_at - starts_at <= interval '4 hours'),
    check (date_trunc('minute', starts_at) = starts_at),
    check (extract(isodow from starts_at) between 1 and 5),
    exclude using gist (room_id with =, tsrange(starts_at, ends_at) with &&)
);
create table blackout (
    id int primary key,
    room_id int references rooms,
    location_id int references locations,
    days datemultirange not null,
    reason text,
    check ((room_id is null) <> (location_id is null))
);
create table price_rules (
    id int primary key,
    weekday smallint[] check (weekday <@ array[0, 1, 2, 3, 4, 5, 6]::smallint[]),
    valid int4range not null check (lower(valid) > 0),
    formula text not null default 'base',
    min_nights int not null default 1,
    max_nights int not null default 30,
    check (min_nights <= max_nights and min_nights >= 1)
);
create function no_past() returns trigger language plpgsql as $$
begin
    if new.held_until < now() - interval '1 day' then
        raise exception 'a hold cannot end in the past';
    end if;
    new.adult := true;
    return new;
exception when undefined_column then
    return new;
end $$;
create function check_hold() returns trigger language plpgsql as $$
begin
    if new.held_until is not null and new.held_until < now() then
        raise exception 'a hold cannot end in the past';
    end if;
    return new;
end $$;
create trigger hold before insert or update on reservations for each row execute function check_hold();
