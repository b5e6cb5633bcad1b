-- title: sports clubs and their minutes
-- class: parameter captured by a column
-- leak: public.minutes select authenticated
-- tenant: minutes.club
-- tenant: club_member.club
-- because: the twin qualifies the parameter
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
create schema priv;
create table club_member (club uuid not null, who uuid not null, joined date not null default current_date, primary key (club, who));
create table minutes (
  club uuid not null,
  held_on date not null check (held_on >= '2000-01-01'),
  text_md text not null,
  primary key (club, held_on)
);
create function priv.is_member(club uuid) returns boolean language sql stable security definer set search_path = public as $$
-- leaky:
  select exists (select 1 from club_member m where m.club = club and m.who = auth.uid())
-- safe:
  select exists (select 1 from club_member m where m.club = is_member.club and m.who = auth.uid())
-- both:
$$;
grant usage on schema priv to authenticated;
alter table club_member enable row level security;
alter table minutes enable row level security;
create policy m on club_member for select to authenticated using (who = auth.uid());
create policy r on minutes for select to authenticated using (priv.is_member(club));
create policy w on minutes for insert to authenticated with check (priv.is_member(club));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: a member of one club reads the minutes of another
insert into club_member values (:OA, :A), (:OB, :B);
insert into minutes values (:OA, '2024-01-01', 'x');
-- as: authenticated B
select count(*) from minutes;
-- control:
-- as: authenticated A
select count(*) from minutes;
