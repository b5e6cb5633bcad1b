-- title: A song that is moved into another's playlist
-- class: parent not checked when a child is updated
-- leak: public.playlist_entries update authenticated
-- owner: playlists.owner_id
-- because: the playlist of an entry cannot be updated

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table playlists (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    name text not null
);
create table playlist_entries (
    id bigint generated always as identity primary key,
    playlist_id uuid not null references playlists on delete cascade,
    added_by uuid not null default auth.uid() references auth.users on delete cascade,
    song text not null check (char_length(song) between 2 and 99),
    position integer not null check (position >= 1)
);
create function owns_playlist(playlist uuid) returns boolean language sql stable security definer set search_path = ''
    as $$ select exists (select from public.playlists p where p.id = playlist and p.owner_id = auth.uid()) $$;
alter table playlists enable row level security;
alter table playlist_entries enable row level security;
create policy own on playlists to authenticated using (owner_id = auth.uid());
create policy see on playlist_entries for select to authenticated using (owns_playlist(playlist_id) or added_by = auth.uid());
create policy add on playlist_entries for insert to authenticated with check (added_by = auth.uid() and owns_playlist(playlist_id));
create policy edit on playlist_entries for update to authenticated using (added_by = auth.uid());
revoke update on playlist_entries from anon, authenticated;
-- leaky:
grant update (playlist_id, song, position) on playlist_entries to authenticated;
-- safe:
grant update (song, position) on playlist_entries to authenticated;
-- both:

-- attack: add a song to one's own list and move it over
insert into playlists values (:OA, :A, 'Mine'), (:OB, :B, 'Theirs');
-- as: authenticated A
insert into playlist_entries (playlist_id, song, position) values (:OA, 'noise', 1);
update playlist_entries set playlist_id = :OB where song = 'noise';
-- as: superuser
select count(*) from playlist_entries where playlist_id = :OB;
-- control:
-- as: authenticated B
insert into playlist_entries (playlist_id, song, position) values (:OB, 'music', 1);
update playlist_entries set position = 2;
select count(*) from playlist_entries;
