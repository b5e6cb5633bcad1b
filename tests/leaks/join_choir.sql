-- title: choirs and their scores
-- class: join by insert
-- leak: public.singer insert authenticated
-- leak: public.score select authenticated
-- tenant: singer.choir_id
-- tenant: score.choir_id
-- because: the twin lets people in only with an invitation addressed to them
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
create table choir (choir_id smallint primary key, name text not null);
create table choir_invite (choir_id smallint not null references choir, invitee uuid not null, primary key (choir_id, invitee));
create table singer (
  choir_id smallint not null references choir,
  person uuid not null,
  voice text not null check (voice in ('soprano', 'alto', 'tenor', 'bass')),
  primary key (choir_id, person)
);
create table score (
  score_id uuid primary key default gen_random_uuid(),
  choir_id smallint not null references choir,
  composer text not null
);
insert into choir values (1, 'Ars'), (2, 'Vox');
insert into score (choir_id, composer) values (1, 'Bach');
alter table choir enable row level security;
alter table choir_invite enable row level security;
alter table singer enable row level security;
alter table score enable row level security;
create policy i on choir_invite for select to authenticated using (invitee = auth.uid());
create policy s on singer for select to authenticated using (person = auth.uid());
-- leaky:
create policy j on singer for insert to authenticated with check (person = auth.uid());
-- safe:
create policy j on singer for insert to authenticated with check (person = auth.uid()
  and exists (select 1 from choir_invite v where v.choir_id = singer.choir_id and v.invitee = auth.uid()));
-- both:
create policy r on score for select to authenticated using (exists (select 1 from singer s where s.choir_id = score.choir_id and s.person = auth.uid()));
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B joins a choir and reads its scores
-- as: authenticated B
insert into singer values (1, :B, 'bass');
select count(*) from score;
-- control:
-- as: superuser
insert into choir_invite values (1, :A);
insert into singer values (1, :A, 'alto');
-- as: authenticated A
select count(*) from score;
