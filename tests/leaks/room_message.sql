-- title: chat rooms
-- class: child insert without the parent's check
-- leak: public.message insert authenticated
-- owner: message.sender
-- tenant: room_seat.room_id
-- tenant: message.room_id
-- because: the twin asks for a seat in the room
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
create table room (room_id uuid primary key default gen_random_uuid(), topic text not null);
create table room_seat (room_id uuid not null references room, sitter uuid not null, primary key (room_id, sitter));
create table message (
  msg_id bigint generated always as identity primary key,
  room_id uuid not null references room,
  sender uuid not null,
  reply_to bigint references message,
  body text not null check (char_length(body) <= 2000)
);
alter table room enable row level security;
alter table room_seat enable row level security;
alter table message enable row level security;
create policy s on room_seat for select to authenticated using (sitter = auth.uid());
create policy r on room for select to authenticated using (room_id in (select x.room_id from room_seat x));
create policy m on message for select to authenticated using (room_id in (select x.room_id from room_seat x where x.sitter = auth.uid()));
-- leaky:
create policy n on message for insert to authenticated with check (sender = auth.uid());
-- safe:
create policy n on message for insert to authenticated with check (sender = auth.uid() and room_id in (select x.room_id from room_seat x where x.sitter = auth.uid()));
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B writes in a room where she has no seat
insert into room values (:OA, 't');
insert into room_seat values (:OA, :A);
-- as: authenticated B
insert into message (room_id, sender, body) values (:OA, :B, 'spam');
-- as: superuser
select count(*) from message;
-- control:
-- as: authenticated A
insert into message (room_id, sender, body) values (:OA, :A, 'hello');
select count(*) from message;
