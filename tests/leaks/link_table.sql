-- title: Photos put into albums, checked on one side
-- class: many-to-many link unchecked on one side
-- leak: public.photos select authenticated
-- leak: public.album_photos insert authenticated
-- owner: photos.owner_id
-- owner: albums.owner_id
-- because: the link asks for both, one's own album and one's own photo

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table photos (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid(),
    taken_at timestamp not null,
    caption text not null
);
create table albums (id uuid primary key default gen_random_uuid(), owner_id uuid not null default auth.uid(), name text);
create table album_photos (
    album_id uuid references albums on delete cascade,
    photo_id uuid references photos on delete cascade,
    rank smallint not null check (rank > 0),
    primary key (album_id, photo_id),
    unique (album_id, rank)
);
create function owns_photo(photo uuid) returns boolean language sql stable security definer set search_path = ''
    as $$ select exists (select from public.photos p where p.id = photo and p.owner_id = auth.uid()) $$;
alter table photos enable row level security;
alter table albums enable row level security;
alter table album_photos enable row level security;
create policy own on albums to authenticated using (owner_id = auth.uid());
create policy add on photos for insert to authenticated with check (owner_id = auth.uid());
create policy see on photos for select to authenticated
    using (owner_id = auth.uid() or id in (select l.photo_id from album_photos l));
create policy see on album_photos for select to authenticated using (album_id in (select a.id from albums a));
create policy take_out on album_photos for delete to authenticated using (album_id in (select a.id from albums a));
create policy put_in on album_photos for insert to authenticated
-- leaky:
    with check (album_id in (select a.id from albums a));
-- safe:
    with check (album_id in (select a.id from albums a) and owns_photo(photo_id));
-- both:

-- attack: put another's photo into one's own album and look at it
insert into photos values (:OB, :B, '2026-01-01', 'canary');
insert into albums values (:OA, :A);
-- as: authenticated A
insert into album_photos values (:OA, :OB, 1);
select count(*) from photos where caption = 'canary';
-- control:
-- as: authenticated B
select count(*) from photos where caption = 'canary';
