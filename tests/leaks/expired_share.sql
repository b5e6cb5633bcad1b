-- title: Albums shared until a day that has passed
-- class: expired shares
-- leak: public.albums select authenticated
-- owner: albums.owner_id
-- because: a share counts only until it expires; whoever shares sees and makes shares of his own albums alone

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table albums (
    id bigint generated always as identity primary key,
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    name text not null
);
create table album_shares (
    album_id bigint not null references albums on delete cascade,
    grantee_id uuid not null references auth.users on delete cascade,
    expires_at timestamptz not null,
    primary key (album_id, grantee_id)
);
create function owns_album(album bigint) returns boolean language sql stable security definer set search_path = ''
    as $$ select exists (select from public.albums a where a.id = album and a.owner_id = auth.uid()) $$;
alter table albums enable row level security;
alter table album_shares enable row level security;
create policy own on albums to authenticated using (owner_id = auth.uid()) with check (owner_id = auth.uid());
create policy give on album_shares to authenticated using (owns_album(album_id)) with check (owns_album(album_id));
create policy mine on album_shares for select to authenticated using (grantee_id = auth.uid());
create policy shared on albums for select to authenticated using (exists (
    select from album_shares s where s.album_id = albums.id and s.grantee_id = auth.uid()
-- leaky:
));
-- safe:
    and s.expires_at > now()));
-- both:

-- attack: come back after the share has expired
insert into albums overriding system value values (1, :B, 'canary');
insert into album_shares values (1, :A, '2020-01-01');
-- as: authenticated A
select count(*) from albums where name = 'canary';
-- control:
-- as: authenticated B
select count(*) from albums where name = 'canary';
