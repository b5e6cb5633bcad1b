-- title: tennis courts, booked without overlap
-- class: delete true
-- leak: public.booking delete authenticated
-- owner: booking.booked_by
-- public: booking
-- public: court
-- because: the twin lets people cancel their own bookings
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
create table court (court_no int primary key check (court_no between 1 and 12), surface text not null);
create table booking (
  id uuid primary key default gen_random_uuid(),
  court_no int not null references court,
  booked_by uuid not null,
  slot tstzrange not null check (not isempty(slot) and lower(slot) is not null and upper(slot) is not null),
  exclude using gist (int4range(court_no, court_no, '[]') with &&, slot with &&)
);
insert into court values (1, 'clay'), (2, 'grass');
alter table court enable row level security;
alter table booking enable row level security;
create policy c on court for select to anon, authenticated using (true);
create policy s on booking for select to authenticated using (true);
create policy i on booking for insert to authenticated with check (booked_by = auth.uid());
create policy u on booking for update to authenticated using (booked_by = auth.uid()) with check (booked_by = auth.uid());
-- leaky:
create policy d on booking for delete to authenticated using (lower(slot) > now() - interval '100 years');
-- safe:
create policy d on booking for delete to authenticated using (booked_by = auth.uid());
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B cancels A's booking
insert into booking (court_no, booked_by, slot) values (1, :A, '[2030-01-01 10:00+00,2030-01-01 11:00+00)');
-- as: authenticated B
with gone as (delete from booking where booked_by = :A returning 1) select count(*) from gone;
-- control:
-- as: authenticated A
with gone as (delete from booking where booked_by = :A returning 1) select count(*) from gone;
