-- title: A room's occupancy that names the guests
-- class: security definer function that returns too much
-- leak: public.bookings select anon via public.busy(integer)
-- owner: bookings.guest_id
-- public: rooms
-- because: strangers get a number and no name

create extension btree_gist with schema extensions;
set search_path = public, extensions;
alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table rooms (id integer primary key, name text not null unique);
create table bookings (
    id bigint generated always as identity primary key,
    room_id integer not null references rooms on delete cascade,
    guest_id uuid not null default auth.uid() references auth.users on delete cascade,
    guest_name text not null check (guest_name <> ''),
    stay daterange not null check (not isempty(stay) and not lower_inf(stay) and not upper_inf(stay)),
    exclude using gist (room_id with =, stay with &&)
);
alter table rooms enable row level security;
alter table bookings enable row level security;
create policy catalogue on rooms for select using (true);
create policy own on bookings to authenticated using (guest_id = auth.uid()) with check (guest_id = auth.uid());
create function busy(room integer) returns setof text
language sql stable security definer set search_path = '' as $$
-- leaky:
    select b.guest_name from public.bookings b where b.room_id = room order by b.stay
-- safe:
    select count(*)::text from public.bookings b where b.room_id = room
-- both:
$$;

-- attack: ask who sleeps where
insert into rooms values (1, 'Attic');
insert into bookings (room_id, guest_id, guest_name, stay) values (1, :B, 'canary', '[2026-01-01,2026-01-05)');
-- as: anon
select count(*) from busy(1) as guest where guest = 'canary';
-- control:
-- as: authenticated B
select count(*) from bookings where guest_name = 'canary';
