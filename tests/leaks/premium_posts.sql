-- title: posts and premium posts, by inheritance
-- class: inheritance child
-- leak: public.premium_post select authenticated
-- owner: post.author
-- owner: premium_post.author
-- because: the twin's child has RLS too
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
create table post (
  id uuid default gen_random_uuid() primary key,
  author uuid not null,
  words text not null,
  published boolean not null default false
);
create table premium_post (price_cents int not null check (price_cents >= 99)) inherits (post);
alter table post enable row level security;
create policy own on post for all to authenticated using (author = auth.uid()) with check (author = auth.uid());
create policy own on premium_post for all to authenticated using (author = auth.uid()) with check (author = auth.uid());
-- leaky:
-- safe:
alter table premium_post enable row level security;
-- both:
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B reads A's premium draft
insert into premium_post (author, words, price_cents) values (:A, 'x', 100);
-- as: authenticated B
select count(*) from premium_post;
-- control:
-- as: authenticated A
select count(*) from post;
