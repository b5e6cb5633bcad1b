-- title: Notes in notebooks, one table forgotten
-- class: RLS off
-- leak: public.notes select anon
-- leak: public.notes update anon
-- leak: public.notes delete anon
-- owner: notebooks.user_id
-- owner: notes.author_id
-- public: tags
-- because: row-level security is on, and the policies say the same as those of the notebooks

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;

create table public.notebooks (
    id bigint generated always as identity primary key,
    user_id uuid not null references auth.users on delete cascade,
    title text not null check (char_length(title) between 1 and 80),
    unique (user_id, title)
);
create table public.notes (
    id uuid primary key default gen_random_uuid(),
    notebook_id bigint not null references public.notebooks on delete cascade,
    author_id uuid not null references auth.users on delete cascade,
    body text not null,
    written_on date not null
);
create table public.tags (
    slug text primary key check (slug ~ '^[a-z][a-z0-9-]{1,30}$'),
    label text not null
);

alter table public.notebooks enable row level security;
alter table public.tags enable row level security;
-- leaky:
-- safe:
alter table public.notes enable row level security;
-- both:

create policy notebooks_own on public.notebooks for all to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy notes_own on public.notes for all to authenticated
    using (author_id = (select auth.uid()))
    with check (author_id = (select auth.uid()) and exists (select from public.notebooks b where b.id = notebook_id));
create policy tags_read on public.tags for select using (true);

-- attack: anybody reads the notes
insert into public.notebooks overriding system value values (1, :B, 'Diary');
insert into public.notes (notebook_id, author_id, body, written_on) values (1, :B, 'canary', '2026-01-01');
-- as: anon
select count(*) from public.notes where body = 'canary';
-- control:
-- as: authenticated B
select count(*) from public.notes where body = 'canary';
