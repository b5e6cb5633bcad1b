-- title: photo albums with a bin
-- class: soft-deleted rows are open
-- leak: public.photo select authenticated
-- owner: photo.uploader
-- because: the twin shows the bin to the uploader only
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
create table photo (
  photo_id bigint generated always as identity primary key,
  uploader uuid not null,
  file_name text not null check (file_name ~ '\.(jpg|png|webp)$'),
  bytes int not null check (bytes > 0),
  deleted_at timestamptz
);
alter table photo enable row level security;
create policy own on photo for all to authenticated using (uploader = auth.uid() and deleted_at is null) with check (uploader = auth.uid());
-- leaky:
create policy bin on photo for select to authenticated using (deleted_at is not null);
-- safe:
create policy bin on photo for select to authenticated using (deleted_at is not null and uploader = auth.uid());
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B sees what A threw away
insert into photo (uploader, file_name, bytes, deleted_at) values (:A, 'a.jpg', 5, now());
-- as: authenticated B
select count(*) from photo;
-- control:
-- as: authenticated A
select count(*) from photo;
