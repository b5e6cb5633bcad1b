-- title: film crews share call sheets; leads may edit them
-- class: self-promotion
-- leak: public.crew_member update authenticated
-- leak: public.call_sheet update authenticated
-- leak: public.call_sheet select authenticated
-- tenant: crew_member.crew_id
-- tenant: call_sheet.crew_id
-- because: the twin lets members change only their nickname
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
create table crew (id uuid primary key default gen_random_uuid(), name text not null unique);
create table crew_member (
  crew_id uuid not null references crew,
  member uuid not null,
  grade text not null default 'hand' check (grade in ('hand', 'lead')),
  nickname text,
  primary key (crew_id, member)
);
create table call_sheet (
  id serial primary key,
  crew_id uuid not null references crew,
  shoot_day date not null,
  notes text not null default ''
);
alter table crew enable row level security;
alter table crew_member enable row level security;
alter table call_sheet enable row level security;
create policy m_sel on crew_member for select to authenticated using (member = auth.uid());
create policy m_upd on crew_member for update to authenticated using (member = auth.uid());
create policy c_sel on crew for select to authenticated
  using (exists (select 1 from crew_member m where m.crew_id = crew.id));
create policy s_lead on call_sheet for all to authenticated
  using (exists (select 1 from crew_member m where m.crew_id = call_sheet.crew_id and m.grade = 'lead'));
grant usage on schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
grant select, insert, update, delete on call_sheet to authenticated;
grant select on crew to authenticated;
-- leaky:
grant select, update on crew_member to authenticated;
-- safe:
grant select, update (nickname) on crew_member to authenticated;
-- attack: a hand makes herself lead
insert into crew values (:OA, 'one');
insert into crew_member values (:OA, :A, 'lead'), (:OA, :B, 'hand');
insert into call_sheet (crew_id, shoot_day) values (:OA, '2025-01-01');
-- as: authenticated B
update crew_member set grade = 'lead' where member = :B;
select count(*) from call_sheet;
-- control:
-- as: authenticated A
select count(*) from call_sheet;
