-- title: A wastebasket from which anybody takes
-- class: soft-deleted rows
-- leak: public.sketches update authenticated
-- owner: sketches.artist_id
-- because: one restores what is one's own

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table sketches (
    id uuid primary key default gen_random_uuid(),
    artist_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null,
    strokes path not null,
    is_public boolean not null default false,
    deleted_at timestamptz
);
alter table sketches enable row level security;
create policy see on sketches for select using (is_public and deleted_at is null or artist_id = auth.uid());
create policy draw on sketches for insert to authenticated with check (artist_id = auth.uid());
create policy edit on sketches for update to authenticated
    using (artist_id = auth.uid() and deleted_at is null) with check (artist_id = auth.uid());
create policy restore on sketches for update to authenticated
-- leaky:
    using (deleted_at is not null) with check (artist_id = auth.uid());
-- safe:
    using (deleted_at is not null and artist_id = auth.uid()) with check (artist_id = auth.uid());
-- both:

-- attack: take everything out of everybody's wastebasket
insert into sketches (artist_id, title, strokes, deleted_at) values (:B, 'canary', '[(0,0),(1,1)]', '2026-01-01');
-- as: authenticated A
update sketches set artist_id = auth.uid(), deleted_at = null;
select count(*) from sketches where title = 'canary';
-- control:
-- as: authenticated B
update sketches set deleted_at = null where title = 'canary';
select count(*) from sketches where deleted_at is null;
