-- title: Bookmarks that anybody may clear
-- class: USING (true) for delete
-- leak: public.bookmarks delete authenticated
-- owner: bookmarks.owner_id
-- owner: folders.owner_id
-- because: only one's own are deleted

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table folders (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null,
    parent_id uuid,
    name text not null check (name = btrim(name) and name <> ''),
    unique (id, owner_id),
    foreign key (parent_id, owner_id) references folders (id, owner_id) on delete cascade
);
create table bookmarks (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null,
    folder_id uuid not null,
    url text not null check (url ~ '^https?://'),
    foreign key (folder_id, owner_id) references folders (id, owner_id) on delete cascade
);
alter table folders enable row level security;
alter table bookmarks enable row level security;
create policy folders_own on folders to authenticated using (owner_id = auth.uid());
create policy bookmarks_read on bookmarks for select to authenticated using (owner_id = auth.uid());
create policy bookmarks_add on bookmarks for insert to authenticated with check (owner_id = auth.uid());
-- leaky:
create policy bookmarks_clear on bookmarks for delete to authenticated using (true);
-- safe:
create policy bookmarks_clear on bookmarks for delete to authenticated using (owner_id = auth.uid());
-- both:

-- attack: delete without a WHERE needs no row to be visible
insert into folders (id, owner_id, name) values (:OB, :B, 'Reading');
insert into bookmarks (owner_id, folder_id, url) values (:B, :OB, 'https://canary');
-- as: authenticated A
delete from bookmarks;
-- as: superuser
select 1 - count(*) from bookmarks;
-- control:
-- as: authenticated B
delete from bookmarks;
select 1 - count(*) from bookmarks;
