-- title: Comments on documents that one cannot see
-- class: parent not checked when a child is inserted
-- leak: public.comments insert authenticated
-- owner: documents.owner_id
-- owner: comments.author_id
-- because: the insert asks for a document that the author may see

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table documents (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null check (title <> ''),
    is_public boolean not null default false,
    comment_count integer not null default 0
);
create table comments (
    id bigint generated always as identity primary key,
    document_id uuid not null references documents on delete cascade,
    author_id uuid not null default auth.uid() references auth.users on delete cascade,
    body text not null check (char_length(body) between 1 and 500),
    in_reply_to bigint
);
alter table documents enable row level security;
alter table comments enable row level security;
create policy see on documents for select using (is_public or owner_id = auth.uid());
create policy own on documents for insert to authenticated with check (owner_id = auth.uid());
create policy see on comments for select using (exists (select from documents d where d.id = document_id));
create policy own on comments for delete to authenticated using (author_id = auth.uid());
-- leaky:
create policy write on comments for insert to authenticated with check (author_id = auth.uid());
-- safe:
create policy write on comments for insert to authenticated
    with check (author_id = auth.uid() and exists (select from documents d where d.id = document_id));
-- both:

-- attack: comment on a private document
insert into documents (id, owner_id, title) values (:OB, :B, 'Will');
-- as: authenticated A
insert into comments (document_id, body) values (:OB, 'boo');
-- as: superuser
select count(*) from comments where document_id = :OB;
-- control:
-- as: authenticated B
insert into comments (document_id, body) values (:OB, 'To do');
select count(*) from comments;
