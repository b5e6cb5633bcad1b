-- title: event guest lists by e-mail
-- class: email like
-- leak: public.event select authenticated
-- owner: event.host
-- because: the twin compares whole addresses
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
create table event (
  id uuid primary key default gen_random_uuid(),
  host uuid not null,
  guests text not null default '',
  starts timestamptz not null,
  ends timestamptz not null,
  check (starts < ends)
);
alter table event enable row level security;
create policy h on event for all to authenticated using (host = auth.uid());
create policy g on event for select to authenticated
-- leaky:
  using (guests like '%' || (auth.jwt() ->> 'email') || '%');
-- safe:
  using ((auth.jwt() ->> 'email') = any (string_to_array(guests, ',')));
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: b@example.com is part of bob@example.com's... of robb@example.com
insert into event (host, guests, starts, ends) values (:A, 'robb@example.com,x@example.com', '2025-01-01', '2025-01-02');
-- as: authenticated B {"email": "b@example.com"}
select count(*) from event;
-- control:
-- as: authenticated A
select count(*) from event;
