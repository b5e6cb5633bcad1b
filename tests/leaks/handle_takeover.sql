-- title: short links, each claimed by a person
-- class: update USING true with a narrow check (upsert path)
-- leak: public.short_link update authenticated
-- owner: short_link.claimed_by
-- public: short_link
-- because: the twin lets only one's own links be updated
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
create table short_link (
  slug text primary key check (slug ~ '^[a-z0-9]{4,12}$'),
  target text not null check (target like 'https://%'),
  claimed_by uuid not null default auth.uid(),
  clicks bigint not null default 0
);
alter table short_link enable row level security;
create policy r on short_link for select to anon, authenticated using (true);
create policy c on short_link for insert to authenticated with check (claimed_by = auth.uid());
-- leaky:
create policy u on short_link for update to authenticated using (true) with check (claimed_by = auth.uid());
-- safe:
create policy u on short_link for update to authenticated using (claimed_by = auth.uid());
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B takes over A's link by upsert
insert into short_link values ('abcd', 'https://a', :A);
-- as: authenticated B
insert into short_link values ('abcd', 'https://evil', :B) on conflict (slug) do update set target = excluded.target, claimed_by = excluded.claimed_by;
select count(*) from short_link where target = 'https://evil';
-- control:
-- as: authenticated A
insert into short_link values ('abcd', 'https://evil', :A) on conflict (slug) do update set target = excluded.target;
select count(*) from short_link where target = 'https://evil';
