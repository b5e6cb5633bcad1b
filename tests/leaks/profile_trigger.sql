-- title: public profiles through a writable view
-- class: instead-of trigger that trusts the row
-- leak: public.person update authenticated via view my_card
-- owner: person.user_ref
-- because: the twin's trigger updates the caller's row
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
create table person (user_ref uuid primary key, nick text not null check (nick <> ''), bio text);
alter table person enable row level security;
create policy own on person for select to authenticated using (user_ref = auth.uid());
create view my_card with (security_invoker = true) as select user_ref, nick, bio from person;
create function write_card() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.person as p (user_ref, nick, bio)
-- leaky:
  values (new.user_ref, new.nick, new.bio)
-- safe:
  values (auth.uid(), new.nick, new.bio)
-- both:
  on conflict (user_ref) do update set nick = excluded.nick, bio = excluded.bio;
  return new;
end $$;
create trigger write_card instead of insert on my_card for each row execute function write_card();
grant usage on schema public to authenticated;
grant select on person to authenticated;
grant select, insert on my_card to authenticated;
-- attack: B rewrites A's card
insert into person values (:A, 'a', null);
-- as: authenticated B
insert into my_card values (:A, 'fool', null);
-- as: superuser
select count(*) from person where user_ref = :A and nick = 'fool';
-- control:
-- as: authenticated A
insert into my_card values (:A, 'fool', null);
-- as: superuser
select count(*) from person where user_ref = :A and nick = 'fool';
