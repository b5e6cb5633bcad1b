-- title: articles shown to reading groups
-- class: reversed array containment
-- leak: public.article select authenticated
-- owner: article.writer
-- because: the twin asks whether the caller is among the readers, which an empty list denies
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
create table article (
  article_id int generated always as identity primary key,
  writer uuid not null,
  readers uuid[] not null default '{}',
  headline text not null
);
alter table article enable row level security;
create policy w on article for all to authenticated using (writer = auth.uid());
create policy r on article for select to authenticated using (
-- leaky:
  readers <@ array[auth.uid()]
-- safe:
  readers @> array[auth.uid()]
-- both:
);
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B reads an article shared with nobody
insert into article (writer, headline) values (:A, 'draft');
-- as: authenticated B
select count(*) from article;
-- control:
-- as: authenticated A
select count(*) from article;
