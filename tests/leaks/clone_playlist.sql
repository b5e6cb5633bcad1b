-- title: playlists that can be cloned
-- class: definer function copies what is not readable
-- leak: public.playlist select authenticated via function clone_playlist
-- owner: playlist.curator
-- because: the twin clones one's own lists
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
create table playlist (
  list_no bigint generated always as identity primary key,
  curator uuid not null,
  title text not null,
  tracks text[] not null default '{}' check (cardinality(tracks) <= 100)
);
alter table playlist enable row level security;
create policy own on playlist for all to authenticated using (curator = auth.uid()) with check (curator = auth.uid());
create function clone_playlist(p_list bigint) returns bigint language plpgsql security definer set search_path = '' as $$
declare made bigint;
begin
  insert into public.playlist (curator, title, tracks)
  select auth.uid(), 'Copy of ' || title, tracks from public.playlist where list_no = p_list
-- leaky:
  returning list_no into made;
-- safe:
  and curator = auth.uid() returning list_no into made;
-- both:
  return made;
end $$;
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B clones A's private list and reads the copy
insert into playlist overriding system value values (1001, :A, 'private', '{x}');
-- as: authenticated B
select clone_playlist(1001);
select count(*) from playlist;
-- control:
-- as: authenticated A
select clone_playlist(1001);
select count(*) from playlist where title like 'Copy%';
