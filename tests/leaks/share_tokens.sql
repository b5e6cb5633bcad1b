-- title: files shared by a link with a token
-- class: token that need not be known
-- leak: public.shared_file select anon
-- owner: shared_file.uploader
-- because: the twin compares the token with the request's header
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
create table shared_file (
  id uuid primary key default gen_random_uuid(),
  uploader uuid not null,
  name text not null,
  token text unique check (token ~ '^[0-9a-f]{16}$')
);
alter table shared_file enable row level security;
create policy own on shared_file for all to authenticated using (uploader = auth.uid());
create policy link on shared_file for select to anon, authenticated using (
-- leaky:
  token is not null
-- safe:
  token = (nullif(current_setting('request.headers', true), '')::json ->> 'x-share-token')
-- both:
);
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
grant usage on schema public to anon;
grant select on shared_file to anon;
-- attack: anyone reads a file with a link
insert into shared_file (uploader, name, token) values (:A, 'a.pdf', '0123456789abcdef');
-- as: anon
select count(*) from shared_file;
-- control:
-- as: authenticated A
select count(*) from shared_file;
